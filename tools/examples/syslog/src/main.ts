/**
 * The collector for `sennit run dist/main.js --socket PATH --log-file +`: messages go to stdout as lines of JSON, the log of the program to stderr.
 *
 * @module
 */
import { Application } from '@sennit/service'
import { SyslogCollector } from './collector.ts'

export const options = {
  socket: { type: 'string', default: '/run/syslog.sock', description: 'the path of the socket' },
} as const

/** Who reads us may be slow; beyond so many bytes messages are dropped, so that the memory is not filled. */
const MOST_WAITING = 1_000_000

export function application({ socket }: { readonly socket: string }): Application {
  let dropped = 0
  const collector = new SyslogCollector(socket, (message) => {
    if (process.stdout.writableLength > MOST_WAITING) {
      dropped++
      return
    }
    if (dropped > 0) process.stdout.write(`${JSON.stringify({ dropped })}\n`)
    dropped = 0
    process.stdout.write(`${JSON.stringify(message)}\n`)
  })
  return new Application('syslog', {}, [collector])
}
