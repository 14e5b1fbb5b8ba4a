import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Copy } from './copy.ts'

const CONTENT = { ok: true, output: expect.any(String) }
const MINUTES = { timeout: 300_000 }

let copy: Copy

beforeAll(() => {
  copy = new Copy().install().commit()
}, MINUTES.timeout)

afterAll(() => copy.remove(), MINUTES.timeout)

it('leaves everything as it was when the install fails', MINUTES, () => {
  const bin = join(copy.root, 'node_modules/.cache/bin')
  mkdirSync(bin, { recursive: true })
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\necho half >> pnpm-lock.yaml\necho no registry\nexit 1\n', {
    mode: 0o755,
  })
  const env = { PATH: [bin, process.env['PATH']].join(delimiter) }
  const { ok, output } = copy.run(process.execPath, ['--run', 'new', '--', 'rate-limit'], '.', env)
  expect(output).toContain('npx failed; everything is as it was\nno registry')
  expect(ok).toBe(false)
  expect(copy.run('git', ['status', '--porcelain'])).toEqual({ ok: true, output: '' })
  expect(existsSync(join(copy.root, 'packages/rate-limit'))).toBe(false)
})

it('refuses what makes no sense, and touches nothing', () => {
  expect(copy.script('new')).toMatchObject({ ok: false, output: expect.stringContaining('give one name') })
  expect(copy.script('new', 'service')).toMatchObject({
    ok: false,
    output: expect.stringContaining('is taken by packages/service'),
  })
  const { ok, output } = copy.script('new', 'Rate', '--layer', '2', '--uses', 'client')
  expect(ok).toBe(false)
  expect(output).toContain(`the name 'Rate' is malformed`)
  expect(output).toContain(`uses 'client', which is on layer 3`)
  expect(copy.run('git', ['status', '--porcelain'])).toEqual({ ok: true, output: '' })
})

it('makes packages with which all checks are content', MINUTES, () => {
  const about = ['--about', 'So much in so long.']
  expect(copy.script('new', 'rate-limit', ...about, '--no-install')).toMatchObject({
    ok: true,
    output: expect.stringContaining('packages/rate-limit is there, on layer 2. Next:\n  pnpm install'),
  })
  expect(copy.run('git', ['diff', '--name-only']).output).not.toContain('pnpm-lock.yaml')
  expect(copy.script('new', 'order', '--layer', '1', '--uses', 'interfaces')).toMatchObject({
    ok: true,
    output: expect.stringContaining('packages/order is there, on layer 1.'),
  })

  const changed = copy.run('git', ['status', '--porcelain', '--untracked-files=all']).output.split('\n')
  expect(changed).toEqual(
    expect.arrayContaining([
      ' M pnpm-lock.yaml',
      '?? .changeset/first-order.md',
      '?? packages/order/src/errors.ts',
      '?? packages/rate-limit/test/face.test.ts',
    ]),
  )
  // No line of another package is touched.
  const lost = copy
    .run('git', ['diff', '--numstat', '--', '*.json', 'README.md'])
    .output.trimEnd()
    .split('\n')
  expect(lost.map((line) => line.split('\t')[1])).toEqual(['0', '0', '0', '0', '0'])
  expect(JSON.parse(copy.read('tools/checks/layers.json'))).toMatchObject({
    order: { layer: 1, uses: ['interfaces'] },
    'rate-limit': { layer: 2, uses: ['interfaces', 'runtime'] },
  })
  expect(copy.read('README.md')).toContain(
    '| 2 | [`@sennit/rate-limit`](packages/rate-limit) | so much in so long |\n',
  )

  for (const folder of ['packages/order', 'packages/rate-limit']) {
    expect(copy.run('vitest', ['run'], folder, { SENNIT_COVERAGE: '1' })).toEqual(CONTENT)
    expect(copy.run(process.execPath, ['tools/build/build.js', folder, `${folder}/test`])).toEqual(CONTENT)
    expect(copy.run('oxlint', [folder])).toEqual(CONTENT)
  }
  expect(copy.script('format:check')).toEqual(CONTENT)
  expect(copy.script('layers')).toEqual({ ok: true, output: '' })
  expect(copy.script('unused')).toEqual(CONTENT)
  expect(copy.run('vitest', ['run', '-t', 'packages/(order|rate-limit)/'], 'tools/docs')).toEqual(CONTENT)
  expect(copy.run('changeset', ['status']).output).toContain('@sennit/order')
})
