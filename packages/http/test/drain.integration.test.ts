import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2 } from 'node:http2'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { serve } from './support/serving.ts'

const CLIENTS = 20
const STOPS = 5

interface Load {
  readonly asked: number
  readonly answered: readonly number[]
  readonly failed: Readonly<Record<string, number>>
}

const children: ChildProcessByStdio<null, Readable, null>[] = []
const table: string[] = []

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

afterAll(() => console.log(['kind, stop: accepted, answered, lost; not accepted; ms', ...table].join('\n')))

/** Begins to ask, in a process of its own. */
function startLoad(port: number, kind: string): Promise<Load> {
  const load = spawn(
    process.execPath,
    [join(import.meta.dirname, 'fixtures/load.mjs'), String(port), kind, String(CLIENTS)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  children.push(load)
  let text = ''
  load.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  return once(load, 'close').then(() => JSON.parse(text) as Load)
}

describe('a stop under load', { timeout: 60_000 }, () => {
  it.each(['keep-alive', 'one each', 'pipelined', 'slow bodies', 'http2'])(
    'loses no answer to a request that was accepted (%s)',
    async (kind) => {
      for (let stop = 1; stop <= STOPS; stop++) {
        const accepted: number[] = []
        const answer = (request: IncomingMessage, response: ServerResponse): void => {
          const number = Number(request.url!.slice(1))
          accepted.push(number)
          const body = Buffer.alloc(number % 10 === 0 ? 100_000 : 10)
          const reply = (): void => {
            if (number % 3 === 0) setTimeout(() => response.end(body), number % 50)
            else response.end(body)
          }
          if (request.method === 'POST') request.resume().on('end', reply)
          else reply()
        }
        const server = kind === 'http2' ? createHttp2(answer as never) : createServer(answer)
        const { port, listening } = await serve(server)
        const loading = startLoad(port, kind)
        while (accepted.length < 300 + stop * 50) await wait(5)
        const from = performance.now()
        await listening.stopListening()
        const took = performance.now() - from
        const load = await loading
        const answered = new Set(load.answered)
        const lost = accepted.filter((number) => !answered.has(number))
        table.push(
          `${kind}, ${stop}: ${accepted.length}, ${answered.size}, ${lost.length}; ${JSON.stringify(load.failed)}; ${took.toFixed(0)}`,
        )
        expect(lost).toEqual([])
        expect(took).toBeLessThan(2000)
        expect(answered.size).toBe(accepted.length)
      }
    },
  )
})

it('resets no answer that a client which pipelines reads late, and which asks on meanwhile', async () => {
  const asked: string[] = []
  const body = Buffer.alloc(1_000_000, 'x')
  const server = createServer((request, response) => {
    asked.push(request.url!)
    setTimeout(() => response.end(body), 50)
  })
  const { port, listening } = await serve(server)
  const socket = createConnection(port, '127.0.0.1')
  const ask = (path: string): boolean => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`)
  for (const path of ['/1', '/2', '/3']) ask(path)
  while (asked.length < 3) await wait(5)
  const stopped = listening.stopListening()
  for (let more = 0; more < 10; more++) {
    await wait(60)
    ask(`/more/${more}`)
  }
  let length = 0
  for await (const chunk of socket) length += (chunk as Buffer).length
  expect(asked).toEqual(['/1', '/2', '/3'])
  expect(length).toBeGreaterThan(3_000_000)
  await stopped
})
