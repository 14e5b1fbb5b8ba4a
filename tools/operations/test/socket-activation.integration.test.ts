import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { build, program, sennit } from './support/workspace.ts'

const hasActivate = spawnSync('systemd-socket-activate', ['--version']).error === undefined

let folder: string
let child: ChildProcess | undefined
let stderr: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-activation-'))
  stderr = ''
})

afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
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

/** Runs the web server as a unit with sockets would; it is started at the first connection. */
async function activate(
  sockets: readonly string[],
  endpoint: string,
): Promise<readonly [ended: Promise<number | null>]> {
  stderr = ''
  child = spawn(
    'systemd-socket-activate',
    [
      ...sockets,
      process.execPath,
      sennit,
      'run',
      program('web.mjs'),
      '--endpoint',
      endpoint,
      '--log-level',
      'warn',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  )
  const ended = once(child, 'close').then(([code]) => code as number | null)
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  while (
    stderr.split('Listening on').length <= sockets.filter((each) => each.startsWith('--listen')).length
  ) {
    await wait(5)
  }
  return [ended]
}

function ask(where: { port: number } | { socketPath: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', ...where, path: '/', agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => resolve(text))
    })
      .on('error', reject)
      .end()
  })
}

describe.skipIf(!hasActivate)('socket activation', { timeout: 30_000 }, () => {
  beforeAll(build, 180_000)

  it('serves the connection that started it, and those after it, and stops with its socket', async () => {
    const port = await freePort()
    const [ended] = await activate(
      [`--listen=127.0.0.1:${port}`, '--fdname=web'],
      'systemd:domain=INET:name=web',
    )
    expect(await ask({ port })).toBe('generation 1')
    expect(await ask({ port })).toBe('generation 1')
    child!.kill('SIGTERM')
    expect(await ended).toBe(0)
    await expect(ask({ port })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('finds the right one of several by its name or its place', async () => {
    const [one, two] = [await freePort(), await freePort()]
    const path = join(folder, 'socket')
    const sockets = [
      `--listen=127.0.0.1:${one}`,
      `--listen=${path}`,
      `--listen=127.0.0.1:${two}`,
      '--fdname=first:local:second',
    ]
    const [ended] = await activate(sockets, 'systemd:domain=UNIX:name=local')
    expect(await ask({ socketPath: path })).toBe('generation 1')
    child!.kill('SIGTERM')
    expect(await ended).toBe(0)
    const [again] = await activate(
      sockets.map((each) => each.replace(path, `${path}2`)),
      'systemd:domain=INET:index=2',
    )
    expect(await ask({ port: two })).toBe('generation 1')
    child!.kill('SIGTERM')
    expect(await again).toBe(0)
  })

  it.each([
    ['systemd:domain=INET:name=other', [], 'other'],
    ['systemd:domain=INET:index=5', [], '5'],
    ['systemd:domain=UNIX:name=web', [], 'UNIX'],
    ['systemd:domain=INET:name=web', ['--datagram'], 'stream'],
  ])('says what is wrong with %s %j, and ends with 1', async (endpoint, flags, word) => {
    const port = await freePort()
    const [ended] = await activate([`--listen=127.0.0.1:${port}`, '--fdname=web', ...flags], endpoint)
    if (flags.length > 0) {
      const { createSocket } = await import('node:dgram')
      const socket = createSocket('udp4')
      socket.send('hello', port, '127.0.0.1', () => socket.close())
    } else void ask({ port }).catch(() => {})
    expect(await ended).toBe(1)
    expect(stderr).toContain('sennit: Cannot start')
    expect(stderr).toContain(word)
  })
})
