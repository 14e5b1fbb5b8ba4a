import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTLS } from 'node:tls'
import { authority } from '@sennit/testing'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'

const here = join(import.meta.dirname, '..')
const ca = authority('A chat authority')
const { key, cert } = ca.issue('localhost', { names: ['localhost'] })

beforeAll(() => {
  const builder = join(here, '../../../tools/build/build.js')
  execFileSync(process.execPath, [builder, here], { stdio: 'inherit' })
}, 180_000)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** The program under `sennit run`, once it has started. */
async function start() {
  const folder = mkdtempSync(join(tmpdir(), 'sennit-chat-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'server.pem'), key + cert)
  const [port, tlsPort] = [await freePort(), await freePort()]
  const args = ['--port', String(port), '--tls-port', String(tlsPort), '--key', join(folder, 'server.pem')]
  const child = spawn(
    process.execPath,
    [join(here, 'node_modules/@sennit/cli/dist/sennit.js'), 'run', join(here, 'dist/main.js'), ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  // The command's first line: it has started.
  await once(child.stdout, 'data')
  child.stdout.resume()
  return { child, exited, port, tlsPort }
}

/** Somebody who has come in. */
async function enter(socket: Socket, name: string) {
  onTestFinished(() => void socket.destroy())
  const guest = { socket, text: '' }
  socket.setEncoding('utf8').on('data', (data: unknown) => (guest.text += String(data)))
  socket.on('error', () => {})
  socket.write(`${name}\n`)
  await hears(guest, `* ${name} is here\n`)
  return guest
}

async function hears(guest: { readonly text: string; readonly socket: Socket }, text: string): Promise<void> {
  while (!guest.text.includes(text)) await once(guest.socket, 'data')
}

describe('the chat under `sennit run`', { timeout: 60_000 }, () => {
  it('is one room for TCP and TLS, and says goodbye at SIGTERM', async () => {
    const { child, exited, port, tlsPort } = await start()
    const ann = await enter(connect(port, '127.0.0.1'), 'ann')
    const tls = connectTLS({ port: tlsPort, host: '127.0.0.1', servername: 'localhost', ca: ca.cert })
    const bob = await enter(tls, 'bob')
    expect(tls.authorized).toBe(true)

    ann.socket.write('hello\n')
    await hears(bob, 'ann: hello\n')
    bob.socket.write('hi\n')
    await hears(ann, 'bob: hi\n')

    const ends = [ann, bob].map(({ socket }) => once(socket, 'end'))
    child.kill('SIGTERM')
    await Promise.all(ends)
    for (const { text } of [ann, bob]) expect(text.endsWith('* The server stops. Goodbye!\n')).toBe(true)
    expect(await exited).toEqual([0, null])
  })

  it('sends who does not read away, and goes on', async () => {
    const { child, exited, port } = await start()
    const ann = await enter(connect(port, '127.0.0.1'), 'ann')
    const slow = await enter(connect(port, '127.0.0.1'), 'slow')
    slow.socket.pause()
    // The system's own buffers are filled first; they take a few megabytes.
    const lines = `${'x'.repeat(4000)}\n`.repeat(16)
    let sent = 0
    while (!ann.text.includes('* slow has left\n')) {
      if (sent > 64 * 2 ** 20) throw new Error('it waits for ever')
      ann.text = ''
      ann.socket.write(lines)
      sent += lines.length
      // What is said comes back.
      while (ann.text.length < lines.length) await once(ann.socket, 'data')
    }
    expect(slow.text).not.toContain('* slow has left')
    ann.socket.write('still here\n')
    await hears(ann, 'ann: still here\n')
    child.kill('SIGTERM')
    expect(await exited).toEqual([0, null])
  })
})
