import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Cleanup, Client, until } from './kit.ts'
import { build } from './managed.ts'

/** Greets, and waits for the other side to go; at a word, it opens a file. */
const SERVER = `
  import { execFileSync } from 'node:child_process'
  import { readFileSync } from 'node:fs'
  import { handler } from '@sennit/protocol'
  import { getReactor } from '@sennit/reactor'
  const greet = handler(async (stream) => {
    stream.write('hi')
    for await (const _ of stream) continue
  })
  // Only now: the loader of Node 20 opens all modules at once, and would have too few for that already.
  execFileSync('prlimit', ['--nofile=64', '--pid', String(process.pid)])
  const port = await getReactor().listenTCP(0, greet, { interface: '127.0.0.1' })
  console.log(port.getHost().port)
  process.stdin.once('data', () => console.log(readFileSync('/dev/null').length, port.describe().facts.refused > 0))
`

describe('a process that has few descriptors', { timeout: 60_000 }, () => {
  let cleanup: Cleanup

  beforeAll(build, 180_000)
  beforeEach(() => {
    cleanup = new Cleanup()
  })
  afterEach(() => cleanup.run())

  it('PR-25 fault 11: closes what is too much, logs it, keeps some for other uses, and goes on', async () => {
    const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER], {
      cwd: join(import.meta.dirname, '..'),
    })
    cleanup.add(() => server.kill('SIGKILL'))
    let [out, complaints] = ['', '']
    server.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    server.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    await until(() => out.includes('\n'))
    const port = Number(out)

    const clients = Array.from({ length: 100 }, () => new Client(connect({ port, host: '127.0.0.1' })))
    for (const { socket } of clients) cleanup.add(() => socket.destroy())
    await until(() => clients.every(({ text, ended, closed }) => text === 'hi' || ended || closed))
    const served = clients.filter(({ text }) => text === 'hi').length
    expect(served).toBeGreaterThan(15)
    expect(served).toBeLessThan(60)
    expect(complaints).toContain('too many files are open')
    server.stdin.write('look')
    await until(() => out.includes('0 true'))

    for (const { socket } of clients) socket.destroy()
    // Those that went and the one that comes may be seen in one turn of the loop.
    const since = performance.now()
    const isServed = async (): Promise<boolean> => {
      const client = new Client(connect({ port, host: '127.0.0.1' }))
      cleanup.add(() => client.socket.destroy())
      await until(() => client.text === 'hi' || client.ended || client.closed)
      return client.text === 'hi'
    }
    while (!(await isServed()));
    expect(performance.now() - since).toBeLessThan(1000)
  })
})
