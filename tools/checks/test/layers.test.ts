import { expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

it('lets a clean workspace pass', () => {
  expect(new Fixture().run('layers')).toEqual({ ok: true, output: '' })
})

const FAULTS: [string, (fixture: Fixture) => void, file: string, wrong: string][] = [
  [
    'a dependency upwards',
    (fixture) => fixture.depend('runtime', 'backoff'),
    'packages/runtime/package.json',
    `'@sennit/backoff' points upwards (layer 1 to 2)`,
  ],
  [
    'a dependency sideways',
    (fixture) => fixture.depend('backoff', 'service'),
    'packages/backoff/package.json',
    `'@sennit/service' points sideways (layer 2 to 2)`,
  ],
  [
    'a dependency downwards that the table does not allow',
    (fixture) => fixture.replace('tools/checks/layers.json', '"runtime"\n', '"interfaces"\n'),
    'packages/backoff/package.json',
    `'@sennit/runtime' is below, but not among what this package may use`,
  ],
  [
    'a new dependency from outside',
    (fixture) =>
      fixture.replace('packages/backoff/package.json', '"dependencies": {', '"dependencies": { "ms": "2",'),
    'packages/backoff/package.json',
    `'ms' is a new dependency from outside`,
  ],
  [
    'a cycle that only development closes',
    (fixture) => fixture.depend('backoff', 'service', 'devDependencies'),
    'packages/service/package.json',
    'cycle: @sennit/backoff -> @sennit/service -> @sennit/backoff',
  ],
  [
    'a development dependency that the table forbids',
    (fixture) =>
      fixture.replace('tools/checks/layers.json', '"service": {', '"service": { "never": ["backoff"],'),
    'packages/service/package.json',
    `may never depend on '@sennit/backoff'`,
  ],
  [
    'a missing reference',
    (fixture) =>
      fixture.replace('packages/backoff/tsconfig.json', `{\n      "path": "../runtime"\n    }`, ''),
    'packages/backoff/tsconfig.json',
    'no reference to packages/runtime',
  ],
  [
    'a reference too much',
    (fixture) =>
      fixture.replace(
        'packages/backoff/tsconfig.json',
        'references": [',
        'references": [{ "path": "../interfaces" },',
      ),
    'packages/backoff/tsconfig.json',
    'a reference to packages/interfaces too much',
  ],
  [
    'tests without the reference of a development dependency',
    (fixture) =>
      fixture.replace(
        'packages/service/test/tsconfig.json',
        `,\n    {\n      "path": "../../backoff"\n    }`,
        '',
      ),
    'packages/service/test/tsconfig.json',
    'no reference to packages/backoff',
  ],
  [
    'a package that the build leaves out',
    (fixture) => fixture.replace('tsconfig.json', `,\n    {\n      "path": "packages/service"\n    }`, ''),
    'tsconfig.json',
    'no reference to packages/service',
  ],
  [
    'tests that the type check leaves out',
    (fixture) =>
      fixture.replace('tsconfig.types.json', `,\n    {\n      "path": "packages/service/test"\n    }`, ''),
    'tsconfig.types.json',
    'no reference to packages/service/test',
  ],
  [
    'a page that the type check leaves out',
    (fixture) => fixture.write('packages/service/page/tsconfig.json', '{}'),
    'tsconfig.types.json',
    'no reference to packages/service/page',
  ],
  [
    'an import that is not declared',
    (fixture) => fixture.write('packages/backoff/src/planted.ts', `import '@sennit/interfaces'\n`),
    'packages/backoff/src/planted.ts',
    `'@sennit/interfaces' is not declared`,
  ],
  [
    'an import in the sources of what only the tests have',
    (fixture) => fixture.write('packages/service/src/planted.ts', `export * from '@sennit/backoff'\n`),
    'packages/service/src/planted.ts',
    `'@sennit/backoff' is not declared`,
  ],
  [
    'an import around the exports',
    (fixture) => fixture.write('packages/backoff/src/planted.ts', `import '../../runtime/src/index.ts'\n`),
    'packages/backoff/src/planted.ts',
    'leaves the package',
  ],
  [
    'a package without a row',
    (fixture) => fixture.replace('tools/checks/layers.json', '"service"', '"status"'),
    'packages/service/package.json',
    `'service' is not in the layer table`,
  ],
  [
    'a row that says later of a package that exists',
    (fixture) => fixture.replace('tools/checks/layers.json', '"service": {', '"service": { "later": true,'),
    'tools/checks/layers.json',
    `'service' exists by now`,
  ],
  [
    'a row that allows a way up',
    (fixture) => fixture.replace('tools/checks/layers.json', '"uses": []', '"uses": ["service"]'),
    'tools/checks/layers.json',
    `'interfaces' (layer 0) uses 'service', which is on layer 2`,
  ],
]

it.each(FAULTS)('refuses %s', (_, plant, file, wrong) => {
  const fixture = new Fixture()
  plant(fixture)
  const { ok, output } = fixture.run('layers')
  expect(output).toContain(`${file}: `)
  expect(output).toContain(wrong)
  expect(output).toContain('Mend: ')
  expect(ok).toBe(false)
})
