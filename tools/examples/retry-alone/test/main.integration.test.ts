import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'

const here = join(import.meta.dirname, '..')

beforeAll(() => {
  const builder = join(here, '../../../tools/build/build.js')
  execFileSync(process.execPath, [builder, here], { stdio: 'inherit' })
}, 180_000)

/** A port at which nobody listens any more. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(here, 'dist/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const firstAttempt = once(child.stderr.setEncoding('utf8'), 'data')
  return { child, firstAttempt, output: text(child.stdout), exited: once(child, 'exit') }
}

describe('the program', { timeout: 30_000 }, () => {
  it('waits for a server that is not there yet', async () => {
    const port = await freePort()
    const { firstAttempt, output, exited } = start(`http://127.0.0.1:${port}/`)
    expect(String((await firstAttempt)[0])).toMatch(/attempt 1: .*ECONNREFUSED.*; again in \d\.\d s/)
    const server = createServer((_request, response) => response.end('hello')).listen(port, '127.0.0.1')
    onTestFinished(() => {
      server.close()
      server.closeAllConnections()
    })
    expect(await exited).toEqual([0, null])
    expect(await output).toBe('hello\n')
  })

  it('gives up at Ctrl-C', async () => {
    const { child, firstAttempt, exited } = start(`http://127.0.0.1:${await freePort()}/`)
    await firstAttempt
    const asked = performance.now()
    child.kill('SIGINT')
    expect(await exited).toEqual([1, null])
    expect(performance.now() - asked).toBeLessThan(5000)
  })
})
