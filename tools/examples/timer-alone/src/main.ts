/**
 * Watches the size of a folder until it is stopped: `node dist/main.js FOLDER [SECONDS]`.
 *
 * There is no application here, and nothing that handles signals: the timer is started and stopped by hand.
 *
 * @module
 */
import { once } from 'node:events'
import { folderSize } from './folder-size.ts'
import { sizeTimer } from './size-timer.ts'

const [folder = '.', seconds = '2'] = process.argv.slice(2)

// Asked for before the start, so that a Ctrl-C during it is not lost.
const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])

const timer = sizeTimer(
  Number(seconds),
  (signal) => folderSize(folder, signal),
  ({ bytes, change, missed }) =>
    console.log(`${bytes} bytes, ${change} more than before, ${missed} points of time left out`),
  { name: 'size', stopGrace: '1s' },
)

await timer.startService()
await stopped
await timer.stopService()
console.log('stopped')
