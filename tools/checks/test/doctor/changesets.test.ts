import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { changesetFindings } from '../../src/doctor/changesets.ts'
import { Fixture } from '../fixture.ts'

function git({ root }: Fixture, ...args: string[]): void {
  const identity = ['-c', 'user.name=A test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false']
  const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

/** A workspace whose packages are released, without a pending changeset, as `origin/main` has it. */
function released(): Fixture {
  const fixture = new Fixture()
  rmSync(join(fixture.root, '.changeset'), { recursive: true })
  fixture.write('.changeset/old.md', `---\n'@sennit/runtime': patch\n---\n\nSomething.\n`)
  git(fixture, 'init', '-q', '-b', 'main')
  git(fixture, 'add', '-A')
  git(fixture, 'commit', '-q', '-m', 'all')
  git(fixture, 'update-ref', 'refs/remotes/origin/main', 'HEAD')
  return fixture
}

const ASKED = {
  what: 'changesets',
  found: '@sennit/runtime has changed, and no changeset says so',
  mend: 'pnpm changeset, and name @sennit/runtime',
}

it('has nothing to compare without origin/main, or without Git', () => {
  const nothing = [{ what: 'changesets', found: 'there is no origin/main to compare with' }]
  const fixture = new Fixture()
  expect(changesetFindings(fixture.root)).toEqual(nothing)
  git(fixture, 'init', '-q')
  expect(changesetFindings(fixture.root)).toEqual(nothing)
})

it('asks nothing for a change of tests and texts', () => {
  const fixture = released()
  fixture.write('packages/runtime/test/more.test.ts', '')
  fixture.write('packages/runtime/README.md', '')
  expect(changesetFindings(fixture.root)).toEqual([
    { what: 'changesets', found: 'no package differs from origin/main' },
  ])
})

it.each([
  ['a source that is changed', 'packages/runtime/src/index.ts', 'export const one = 1\n'],
  ['what a browser runs', 'packages/runtime/page/page.js', ''],
  ['a source that Git does not know yet', 'packages/runtime/src/more.ts', ''],
])('asks for a changeset for %s, and not for an old one', (_, file, text) => {
  const fixture = released()
  fixture.write(file, text)
  expect(changesetFindings(fixture.root)).toEqual([ASKED])
})

it('asks for a changeset for what is committed', () => {
  const fixture = released()
  fixture.replace('packages/runtime/package.json', '1.0.0', '1.0.1')
  git(fixture, 'commit', '-qam', 'more')
  expect(changesetFindings(fixture.root)).toEqual([ASKED])
})

it('is content with a changeset that names the package, and not with one for another', () => {
  const fixture = released()
  fixture.write('packages/runtime/src/more.ts', '')
  fixture.write('.changeset/new.md', `---\n'@sennit/backoff': patch\n---\n\n'@sennit/runtime': no.\n`)
  expect(changesetFindings(fixture.root)).toEqual([ASKED])
  fixture.write(
    '.changeset/new.md',
    `---\n'@sennit/backoff': patch\n"@sennit/runtime": minor\n---\n\nMore.\n`,
  )
  expect(changesetFindings(fixture.root)).toEqual([
    { what: 'changesets', found: '@sennit/runtime has changed, and .changeset/new.md says so' },
  ])
})

it('lets the changeset of the first release speak for a package before it', () => {
  const fixture = released()
  fixture.replace('packages/runtime/package.json', '1.0.0', '0.0.0')
  const found = '@sennit/runtime has changed, and .changeset/old.md says so'
  expect(changesetFindings(fixture.root)).toEqual([{ what: 'changesets', found }])
  fixture.replace('.changeset/old.md', 'runtime', 'service')
  expect(changesetFindings(fixture.root)).toEqual([ASKED])
})
