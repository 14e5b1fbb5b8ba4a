// What starts and stops at once: `node quick.mjs` by itself, `sennit run quick.mjs` by the command.
import { pathToFileURL } from 'node:url'
import { run } from '@sennit/run'
import { Application, hooks } from '@sennit/service'

export const application = new Application('quick', {}, [
  hooks('one', { start: () => void process.stderr.write('quick: started\n') }),
])

if (import.meta.url === pathToFileURL(process.argv[1]).href) await run(application)
