import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { packageManager } from '../src/workspace.ts'
import { Copy } from './copy.ts'

const MINUTES = { timeout: 300_000 }

let copy: Copy

beforeAll(() => {
  copy = new Copy()
})

afterAll(() => copy.remove(), MINUTES.timeout)

it(
  'installs a fresh checkout and tests one package in less than half a minute, without a build',
  MINUTES,
  () => {
    const start = performance.now()
    const pnpm = ['-y', packageManager(copy.root)]
    copy.install()
    const tested = copy.run('npx', [...pnpm, '--filter', '@sennit/backoff', 'test'])
    const seconds = (performance.now() - start) / 1000
    expect(tested).toEqual({ ok: true, output: expect.stringContaining('passed') })
    expect(existsSync(join(copy.root, 'packages/runtime/dist'))).toBe(false)
    expect(seconds).toBeLessThan(30)
  },
)
