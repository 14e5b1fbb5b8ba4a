import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { packageManager } from '../src/workspace.ts'
import { Copy } from './copy.ts'
import type { Outcome } from './fixture.ts'

const MINUTES = { timeout: 300_000 }

let copy: Copy

beforeAll(() => {
  copy = new Copy().install().commit()
}, MINUTES.timeout)

afterEach(() => copy.reset())

afterAll(() => copy.remove(), MINUTES.timeout)

/** Runs the doctor on a machine that has all Debian packages, or these alone, under a pnpm of the right version. */
function doctor(env: NodeJS.ProcessEnv = {}, debian = '*'): Outcome {
  const bin = join(copy.root, 'node_modules/.cache/bin')
  mkdirSync(bin, { recursive: true })
  const query = `#!/bin/sh\nfor name; do :; done\ncase $name in\n${debian}) printf installed ;;\n*) exit 1 ;;\nesac\n`
  writeFileSync(join(bin, 'dpkg-query'), query, { mode: 0o755 })
  return copy.run(process.execPath, ['--run', 'doctor'], '.', {
    npm_config_user_agent: `${packageManager(copy.root).replace('@', '/')} npm/? node/? linux x64`,
    PATH: [bin, join(copy.root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
    ...env,
  })
}

interface Wrong {
  readonly wrong: string
  readonly mend: string | undefined
}

/** What is wrong, with the line below each. */
function faults({ ok, output }: Outcome): { ok: boolean; all: Wrong[] } {
  const lines = output.trimEnd().split('\n')
  const all = lines.flatMap((line, at) =>
    line.startsWith('WRONG') ? [{ wrong: line, mend: lines[at + 1] }] : [],
  )
  return { ok, all }
}

/** That this is the one thing that is wrong. */
function only(wrong: string, mend: string): unknown {
  return { ok: false, all: [{ wrong: expect.stringContaining(wrong), mend: `  Mend: ${mend}` }] }
}

it('is content with a fresh checkout, and changes nothing', MINUTES, () => {
  const { ok, output } = doctor()
  expect(output.split('\n').filter((line) => !line.startsWith('ok    '))).toEqual([''])
  expect(ok).toBe(true)
  expect(copy.run('git', ['status', '--porcelain'])).toEqual({ ok: true, output: '' })
})

it('finds a package manager of another version', MINUTES, () => {
  const found = doctor({ npm_config_user_agent: 'pnpm/9.0.0 npm/? node/? linux x64' })
  expect(faults(found)).toEqual(only('pnpm: 9.0.0, but', `alias pnpm='npx -y ${packageManager(copy.root)}'`))
})

it('finds an install that is older than the lock file', MINUTES, () => {
  copy.replace('pnpm-lock.yaml', /$/, '\n')
  expect(faults(doctor())).toEqual(
    only('install: node_modules is older than the lock file', 'npm run bootstrap'),
  )
})

it('finds a lock file that is older than the manifests', MINUTES, () => {
  copy.replace('tools/peers/package.json', '"devDependencies": {', '"devDependencies": { "ms": "2.1.3",')
  const mend = `npx -y ${packageManager(copy.root)} install`
  expect(faults(doctor())).toEqual(only('install: the lock file is older than the manifests', mend))
})

it('finds a missing reference', MINUTES, () => {
  copy.replace('tsconfig.json', '    { "path": "packages/client" },\n', '')
  const mend = 'add {"path":"packages/client"}, to agree with the packages.'
  expect(faults(doctor())).toEqual(only('references: tsconfig.json: no reference to packages/client', mend))
})

it('finds a reference too much', MINUTES, () => {
  copy.replace('packages/backoff/tsconfig.json', '"references": [', '"references": [{ "path": "../timer" }, ')
  const mend = 'drop it, to agree with the dependencies in packages/backoff/package.json.'
  expect(faults(doctor())).toEqual(
    only('packages/backoff/tsconfig.json: a reference to packages/timer too much', mend),
  )
})

it('finds a missing Debian package', MINUTES, () => {
  expect(faults(doctor({}, '[!p]*'))).toEqual(
    only('debian: the tests skip what needs postgresql', 'bash .ci/debian install'),
  )
})

it('finds what was built from a source that is gone', MINUTES, () => {
  copy.write('packages/timer/dist/looping-call.d.ts', '')
  copy.write('packages/timer/dist/old.d.ts', '')
  const found = doctor()
  rmSync(join(copy.root, 'packages/timer/dist'), { recursive: true })
  const wrong = 'leftovers: packages/timer: dist/old.d.ts has no source any more'
  expect(faults(found)).toEqual(only(wrong, 'rm -r packages/timer/dist && pnpm build'))
})

it('finds the folder of a package that is gone', MINUTES, () => {
  copy.write('packages/gone/dist/index.js', '')
  const found = doctor()
  rmSync(join(copy.root, 'packages/gone'), { recursive: true })
  expect(faults(found)).toEqual(only('leftovers: packages/gone', 'rm -r packages/gone'))
})
