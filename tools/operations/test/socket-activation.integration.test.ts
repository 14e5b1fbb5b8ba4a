import { spawnSync } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { killStarted, start, type Started } from './support/started.ts'
import { build, sennitRun } from './support/workspace.ts'

const hasActivate = spawnSync('systemd-socket-activate', ['--version']).error === undefined

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-activation-'))
})

afterEach(async () => {
  await killStarted()
  rmSync(folder, { recursive: true })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** What `systemd-socket-activate` is told. */
interface Sockets {
  readonly at: readonly (number | string)[]
  readonly names: string
  readonly flags?: readonly string[]
}

/** Listens as a unit with sockets would, and runs the web server at the first connection. */
async function activate({ at, names, flags = [] }: Sockets, endpoints: readonly string[]): Promise<Started> {
  const addresses = at.map((where) => (typeof where === 'number' ? `127.0.0.1:${where}` : where))
  const unit = start('systemd-socket-activate', [
    ...addresses.map((address) => `--listen=${address}`),
    `--fdname=${names}`,
    ...flags,
    process.execPath,
    ...sennitRun('web.mjs', ...endpoints.flatMap((endpoint) => ['--endpoint', endpoint])),
  ])
  for (const address of addresses)
    await unit.says(new RegExp(`Listening on ${address.replaceAll('.', '\\.')}`))
  return unit
}

function ask(where: number | string, path = '/'): Promise<string> {
  const to = typeof where === 'number' ? { host: '127.0.0.1', port: where } : { socketPath: where }
  return new Promise((resolve, reject) => {
    request({ ...to, path, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
}

describe.skipIf(!hasActivate)('socket activation', { timeout: 60_000 }, () => {
  beforeAll(build, 180_000)

  it('serves the connection that started it, and those after it, and stops with its socket', async () => {
    const port = await freePort()
    const unit = await activate({ at: [port], names: 'web' }, ['systemd:domain=INET:name=web'])
    expect(await ask(port)).toBe('generation 1\n')
    expect(await ask(port)).toBe('generation 1\n')
    unit.kill('SIGTERM')
    expect((await unit.ended).code).toBe(0)
    await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('serves several at the same time, each found by its name or by its place', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const path = join(folder, 'socket')
    const unit = await activate({ at: [one, path, two], names: 'first:local:second' }, [
      'systemd:domain=UNIX:name=local',
      'systemd:domain=INET:index=2',
      'systemd:domain=INET:name=first',
    ])
    expect(await Promise.all([one, path, two].map((where) => ask(where)))).toEqual(
      Array.from({ length: 3 }, () => 'generation 1\n'),
    )
    unit.kill('SIGTERM')
    expect((await unit.ended).code).toBe(0)
    // The file is that of the one who made the socket: the next one who is started listens there as well.
    expect(existsSync(path)).toBe(true)
  })

  it('serves only what it was told to, and leaves the other sockets as they are', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const unit = await activate({ at: [one, two], names: 'web:other' }, ['systemd:domain=INET:name=web'])
    expect(await ask(one)).toBe('generation 1\n')
    const answered = ask(two).then(
      () => 'answered',
      () => 'failed',
    )
    expect(await Promise.race([answered, ask(one, '/slow')])).toBe('generation 1\n')
    unit.kill('SIGTERM')
    expect((await unit.ended).code).toBe(0)
    expect(await answered).toBe('failed')
  })

  it('is not for a process that it was not meant for', async () => {
    const web = start(process.execPath, sennitRun('web.mjs', '--endpoint', 'systemd:domain=INET:name=web'), {
      env: { ...process.env, LISTEN_PID: '1', LISTEN_FDS: '1', LISTEN_FDNAMES: 'web' },
    })
    const { code, stderr } = await web.ended
    expect(code).toBe(1)
    expect(stderr).toContain('sennit: Cannot start')
  })

  it.each([
    ['a name that no socket has', 'systemd:domain=INET:name=other', [], 'other'],
    ['a place that no socket has', 'systemd:domain=INET:index=5', [], '5'],
    ['a socket of another family', 'systemd:domain=UNIX:name=web', [], 'UNIX'],
    ['a socket for datagrams', 'systemd:domain=INET:name=web', ['--datagram'], 'stream'],
  ])('ends with 1, and says why, for %s', async (_what, endpoint, flags, word) => {
    const port = await freePort()
    const unit = await activate({ at: [port], names: 'web', flags }, [endpoint])
    if (flags.includes('--datagram')) {
      const socket = createSocket('udp4')
      socket.send('hello', port, '127.0.0.1', () => socket.close())
    } else ask(port).catch(() => {})
    const { code, stderr } = await unit.ended
    expect(code).toBe(1)
    expect(stderr).toContain('sennit: Cannot start')
    expect(stderr).toContain(word)
  })
})
