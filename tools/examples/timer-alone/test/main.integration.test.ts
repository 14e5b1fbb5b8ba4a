import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { beforeAll, expect, it, onTestFinished } from 'vitest'

const here = join(import.meta.dirname, '..')

beforeAll(() => {
  const builder = join(here, '../../../tools/build/build.js')
  execFileSync(process.execPath, [builder, here], { stdio: 'inherit' })
}, 180_000)

it(
  'waits for a folder that is not there yet, follows it, and ends at Ctrl-C',
  { timeout: 30_000 },
  async () => {
    const parent = mkdtempSync(join(tmpdir(), 'sennit-size-'))
    onTestFinished(() => rmSync(parent, { recursive: true }))
    const folder = join(parent, 'later')
    const child = spawn(process.execPath, [join(here, 'dist/main.js'), folder, '0.05'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    onTestFinished(() => void child.kill('SIGKILL'))
    const exited = once(child, 'exit')
    const errors = text(child.stderr)
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const until = async (wanted: string): Promise<void> => {
      for (;;) {
        const { done, value } = await lines.next()
        if (done) throw new Error(`never said: ${wanted}`)
        if (value.startsWith(wanted)) return
      }
    }

    // By the first error it runs, and has failed.
    await once(child.stderr, 'data')
    mkdirSync(folder)
    await until('0 bytes, 0 more')
    writeFileSync(join(folder, 'file'), 'x'.repeat(1000))
    await until('1000 bytes, 1000 more')
    child.kill('SIGINT')
    await until('stopped')
    expect(await exited).toEqual([0, null])
    expect(await errors).toContain('ENOENT')
  },
)
