// A program as operators have them: several listeners, a client whose server is away, a timer, hooks that take their time, a child process.
// `node shop.mjs FOLDER MILLISECONDS` runs it by itself, `sennit run shop.mjs --folder FOLDER --pause MILLISECONDS` by the command.
import { spawn } from 'node:child_process'
import { appendFileSync, rmSync, writeFileSync } from 'node:fs'
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
  folder: { type: 'string', description: 'where it leaves traces' },
  pause: { type: 'string', default: '50', description: 'how long hooks take, in milliseconds' },
}

export function application({ folder, pause }) {
  const note = (phase) => appendFileSync(join(folder, 'phases'), `${phase}\n`)
  note('loaded')
  const lock = join(folder, 'lock')
  let child
  const echo = handler(async (socket, { signal }) => {
    for await (const line of lines(socket, { signal })) socket.write(`${line}\n`)
  })
  const web = service(
    'tcp:0:interface=127.0.0.1',
    httpFactory(createServer((_request, response) => response.end('ok'))),
    { name: 'web' },
  )
  const raw = service('tcp:0:interface=127.0.0.1', echo, { name: 'raw' })
  return new Application('shop', {}, [
    hooks('lock', {
      start: async () => {
        note('starting')
        writeFileSync(lock, '')
        await wait(Number(pause))
      },
      stop: () => rmSync(lock),
    }),
    hooks('child', {
      start: () => {
        child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] })
        writeFileSync(join(folder, 'child'), String(child.pid))
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
        writeFileSync(join(folder, 'ports'), `${web.getHost().port} ${raw.getHost().port}`)
        await wait(Number(pause), undefined, { signal })
        note('started')
      },
      stop: async () => {
        note('stopping')
        await wait(Number(pause))
      },
    }),
  ])
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [folder, pause] = process.argv.slice(2)
  await run(application({ folder, pause }))
}
