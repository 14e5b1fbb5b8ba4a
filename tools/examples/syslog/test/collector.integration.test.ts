import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { beforeAll, expect, it, onTestFinished } from 'vitest'

const here = join(import.meta.dirname, '..')
const sennit = join(here, '../../../packages/cli/dist/sennit.js')
const hasLogger = spawnSync('logger', ['--version']).status === 0

beforeAll(() => {
  const builder = join(here, '../../../tools/build/build.js')
  execFileSync(process.execPath, [builder, here], { stdio: 'inherit' })
}, 180_000)

it.skipIf(!hasLogger)(
  'turns what logger says into lines, and stops in order',
  { timeout: 30_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sennit-syslog-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const socket = join(folder, 'log.sock')
    const args = [sennit, 'run', join(here, 'dist/main.js'), '--socket', socket, '--log-file', '+']
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    onTestFinished(() => void child.kill('SIGKILL'))
    const log = createInterface({ input: child.stderr })[Symbol.asyncIterator]()
    for (;;) {
      const { value } = (await log.next()) as { value: string | undefined }
      if (value === undefined) throw new Error('It has ended')
      if (value.includes('has started')) break
    }
    const messages = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const next = async (): Promise<unknown> => JSON.parse((await messages.next()).value as string)
    const logger = (...words: string[]): unknown =>
      execFileSync('logger', ['--socket-errors=on', '-u', socket, ...words])

    logger('-t', 'backup', '-p', 'daemon.warning', 'the disk is nearly full')
    expect(await next()).toMatchObject({
      facility: 'daemon',
      severity: 'warning',
      app: 'backup',
      text: 'the disk is nearly full',
    })
    logger('--rfc5424', '-i', '-t', 'backup', '-p', 'local3.err', 'ünïcode')
    expect(await next()).toMatchObject({
      facility: 'local3',
      severity: 'error',
      app: 'backup',
      pid: expect.any(Number) as number,
      text: 'ünïcode',
    })

    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
    expect(existsSync(socket)).toBe(false)
  },
)
