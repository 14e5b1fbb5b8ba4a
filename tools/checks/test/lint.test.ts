import { expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

const PROMISE = `export async function wait(): Promise<void> {\n  await Promise.resolve()\n}\n`

it('lets a clean workspace pass', () => {
  expect(new Fixture().run('lint')).toEqual({ ok: true, output: expect.any(String) })
})

const FAULTS: [title: string, source: string, message: string][] = [
  ['an async function where none is awaited', `${PROMISE}\n[1].forEach(wait)\n`, 'no-misused-promises'],
  ['a global timer behind globalThis', `globalThis.setInterval(() => {}, 1)\n`, 'Ask for a clock'],
  ['the date', `export const now: number = Date.now()\n`, 'Ask for a clock'],
  ['the performance clock', `export const now: number = performance.now()\n`, 'Ask for a clock'],
  ['a hidden timer', `export const signal: AbortSignal = AbortSignal.timeout(1)\n`, 'injected clock'],
  ['global randomness', `export const any: number = Math.random()\n`, 'source of randomness'],
  ['the console', `console.error('lost')\n`, 'Ask for a log'],
  [
    'timers by import',
    `import { setTimeout } from 'node:timers/promises'\n\nawait setTimeout(1)\n`,
    'injected',
  ],
  ['a default export', `export default 1\n`, 'no-default-export'],
  [
    'a type imported as a value',
    `import { Server } from 'node:net'\n\nexport type S = Server\n`,
    'consistent-type-imports',
  ],
]

it('refuses a promise that nobody waits for', () => {
  const fixture = new Fixture()
  fixture.write('packages/backoff/src/planted.ts', `${PROMISE}\nwait()\n`)
  expect(fixture.run('lint')).toEqual({ ok: false, output: expect.stringContaining('no-floating-promises') })
})

it.each(['setTimeout(() => {}, 1)', 'process.exit(1)'])('refuses %s', (source) => {
  const fixture = new Fixture()
  fixture.write('packages/backoff/src/planted.ts', `${source}\n`)
  expect(fixture.run('lint')).toEqual({ ok: false, output: expect.stringContaining('no-restricted-globals') })
})

it('refuses every other fault too, each in a file of its own', () => {
  const fixture = new Fixture()
  for (const [index, [, source]] of FAULTS.entries())
    fixture.write(`packages/backoff/src/${index}.ts`, source)
  const { ok, output } = fixture.run('lint')
  const reports = output.split('\n\n')
  for (const [index, [title, , message]] of FAULTS.entries()) {
    const report = reports.filter((each) => each.includes(`packages/backoff/src/${index}.ts`)).join('\n')
    expect(report, title).toContain(message)
  }
  expect(ok).toBe(false)
})

it('lets the runtime, and every test, use what is injected elsewhere', () => {
  const fixture = new Fixture()
  const source = `setTimeout(() => {}, Math.random() * Date.now())\nconsole.error(process.pid)\n`
  fixture.write('packages/runtime/src/planted.ts', source)
  fixture.write('packages/backoff/test/planted.ts', source)
  expect(fixture.run('lint')).toEqual({ ok: true, output: expect.any(String) })
})
