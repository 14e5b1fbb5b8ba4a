// A program as operators have them: several listeners, a client whose server is away, a timer, hooks that take their time, files and a
// child process of its own. It tells on stderr how far it is.
// `node shop.mjs FOLDER START STOP` runs it by itself, `sennit run shop.mjs --folder FOLDER --start START --stop STOP` by the command.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { ClientService } from '@sennit/client'
import { clientFromString, service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import { duplexFactory, handler, lines } from '@sennit/protocol'
import { run } from '@sennit/run'
import { Application, hooks } from '@sennit/service'
import { TimerService } from '@sennit/timer'

export const options = {
  folder: { type: 'string', description: 'where its files are' },
  start: {
    type: 'string',
    default: '50',
    description: 'how long two hooks take at the start, in milliseconds',
  },
  stop: { type: 'string', default: '50', description: 'how long a hook takes at the stop, in milliseconds' },
}

const say = (text) => process.stderr.write(`shop: ${text}\n`)

export function application({ folder, start, stop }) {
  say('loaded')
  let files
  let child
  const echo = handler(async (socket, { signal }) => {
    for await (const line of lines(socket, { signal })) socket.write(`${line}\n`)
  })
  const web = service(
    'tcp:0:interface=127.0.0.1',
    httpFactory(createServer((_request, response) => setTimeout(() => response.end('ok'), 2))),
    { name: 'web' },
  )
  const raw = service('tcp:0:interface=127.0.0.1', echo, { name: 'raw' })
  return new Application('shop', {}, [
    hooks('files', {
      start: async () => {
        say('starting')
        files = mkdtempSync(join(folder, 'files-'))
        writeFileSync(join(files, 'lock'), '')
        await wait(Number(start))
      },
      stop: () => rmSync(files, { recursive: true }),
    }),
    hooks('child', {
      start: () => {
        child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })
      },
      stop: () =>
        new Promise((resolve) => {
          child.once('exit', resolve)
          child.kill()
        }),
    }),
    new ClientService(clientFromString('tcp:127.0.0.1:1'), duplexFactory(), { name: 'broker' }),
    new TimerService('5ms', () => wait(1), { name: 'tick' }),
    service(`unix:${folder}/socket`, echo, { name: 'local' }),
    web,
    raw,
    hooks('slow', {
      start: async ({ signal }) => {
        say(`ports ${web.getHost().port} ${raw.getHost().port}`)
        await wait(Number(start), undefined, { signal })
        say('started')
      },
      stop: async () => {
        say('stopping')
        await wait(Number(stop))
      },
    }),
  ])
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, start, stop] = process.argv.slice(2)
  await run(application({ folder, start, stop }))
}
