import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { missingPackages } from '../src/missing-packages.ts'
import { Fixture } from './fixture.ts'

/** Makes the real `.ci/debian` believe that this is all that is installed. */
function installed(...names: string[]): string {
  const { root } = new Fixture()
  const bin = join(root, 'bin')
  mkdirSync(bin)
  const cases = names.map((name) => `${name}) printf installed ;;`).join('\n')
  const query = `#!/bin/sh\nfor name; do :; done\ncase $name in\n${cases}\n*) exit 1 ;;\nesac\n`
  writeFileSync(join(bin, 'dpkg-query'), query, { mode: 0o755 })
  return root
}

function missing(root: string): string[] {
  const before = process.env['PATH']
  process.env['PATH'] = `${join(root, 'bin')}:${before}`
  try {
    return missingPackages(root)
  } finally {
    process.env['PATH'] = before
  }
}

it('names what is not installed', () => {
  const names = missing(
    installed(
      'chromium',
      'gcc',
      'libc6-dev',
      'openssl',
      'postgresql',
      'prometheus',
      'python3-service-identity',
      'redis-server',
      'systemd',
    ),
  )
  expect(names).toEqual(['python3-openssl', 'python3-twisted'])
})

it('names nothing when all is there', () => {
  const all = missing(installed())
  expect(all).toContain('python3-twisted')
  expect(missing(installed(...all))).toEqual([])
})
