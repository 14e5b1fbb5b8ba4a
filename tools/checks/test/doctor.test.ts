import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { changesetFaults } from '../src/doctor/changesets.ts'
import { installFaults } from '../src/doctor/install.ts'
import { staleFaults } from '../src/doctor/stale.ts'
import { versionFaults } from '../src/doctor/versions.ts'
import { Fixture } from './fixture.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sennit-doctor-'))
  onTestFinished(() => rmSync(root, { recursive: true }))
})

function write(file: string, text = ''): void {
  mkdirSync(dirname(join(root, file)), { recursive: true })
  writeFileSync(join(root, file), text)
}

const git = (...args: string[]): unknown =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@localhost', ...args], { cwd: root })

describe('versionFaults', () => {
  const faults = (node: string, userAgent?: string): string[] =>
    versionFaults(root, { node, userAgent }).map(({ wrong }) => wrong)

  beforeEach(() => write('package.json', '{"devEngines":{"packageManager":{"version":"12.21.0"}}}'))

  it('is content with the pinned ones, and without pnpm', () => {
    expect(faults('24.21.0', 'pnpm/12.21.0 npm/? node/v24.21.0 linux x64')).toEqual([])
    expect(faults('26.10.0')).toEqual([])
  })

  it('finds an old Node and another pnpm', () => {
    expect(faults('20.20.2', 'pnpm/10.0.0 npm/? node/v20.20.2')).toEqual([
      'this is Node 20.20.2, but the tools of the workspace need 24',
      'this is pnpm 10.0.0, but the lock file is written by 12.21.0',
    ])
  })
})

describe('installFaults', () => {
  const STATE = 'node_modules/.pnpm-workspace-state-v1.json'

  beforeEach(() => {
    for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml']) write(file)
    for (const file of ['package.json', 'packages/a/package.json']) write(file, '{}')
    write(STATE, JSON.stringify({ lastValidatedTimestamp: Date.now() + 10_000 }))
  })

  it('is content with an install that is newer than the lock file and the manifests', () => {
    expect(installFaults(root)).toEqual([])
  })

  it.each(['pnpm-lock.yaml', 'packages/a/package.json'])('finds that %s is newer', (file) => {
    utimesSync(join(root, file), new Date(), new Date(Date.now() + 20_000))
    expect(installFaults(root)).toEqual([
      { file, wrong: 'it has changed since the last install', mend: `'npm run bootstrap'.` },
    ])
  })

  it('finds that nothing is installed', () => {
    rmSync(join(root, STATE))
    expect(installFaults(root)).toMatchObject([{ wrong: 'nothing is installed' }])
  })
})

describe('changesetFaults', () => {
  const wrong = (): string[] => changesetFaults(root).map(({ file }) => file)

  beforeEach(() => {
    git('init', '-q', '-b', 'main')
    write('packages/a/src/index.ts', 'one')
    write('packages/b/src/index.ts', 'one')
    write('.changeset/old.md', `---\n'@sennit/a': minor\n---\n\nOld.\n`)
    git('add', '-A')
    git('commit', '-q', '-m', 'one')
    git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  })

  it('is content when nothing has changed that is published', () => {
    write('packages/a/test/index.test.ts', 'two')
    expect(wrong()).toEqual([])
  })

  it('finds a package that has changed, committed or not, whatever older changesets tell', () => {
    write('packages/a/src/index.ts', 'two')
    expect(wrong()).toEqual(['packages/a'])
    write('packages/b/src/new.ts', 'two')
    git('add', '-A')
    git('commit', '-q', '-m', 'two')
    expect(wrong()).toEqual(['packages/a', 'packages/b'])
  })

  it('is content with a new changeset for it', () => {
    write('packages/a/src/index.ts', 'two')
    write('.changeset/new.md', `---\n'@sennit/a': patch\n---\n\nNew.\n`)
    expect(wrong()).toEqual([])
  })

  it('knows nothing where there is no origin', () => {
    git('update-ref', '-d', 'refs/remotes/origin/main')
    write('packages/a/src/index.ts', 'two')
    expect(wrong()).toEqual([])
  })
})

describe('staleFaults', () => {
  it('finds what was built of a source that is gone', () => {
    write('packages/a/src/kept.ts')
    write('packages/a/dist/kept.js')
    write('packages/a/dist/sub/gone.js')
    expect(staleFaults(root)).toEqual([
      {
        file: 'packages/a/dist/sub/gone.js',
        wrong: 'its source is gone',
        mend: `'rm -r packages/a/dist', then 'pnpm build'.`,
      },
    ])
  })
})

describe('pnpm run doctor', () => {
  it('tells each fault with its mend, and ends with 1', { timeout: 30_000 }, () => {
    const fixture = new Fixture()
    fixture.write('packages/runtime/dist/gone.js', '')
    fixture.replace('packages/backoff/tsconfig.json', '../runtime', '../service')
    const { ok, output } = fixture.run('doctor')
    expect(ok).toBe(false)
    expect(output).toContain('ok    versions\n')
    expect(output).toMatch(/WRONG references\n +packages\/backoff\/tsconfig\.json: .*\n +Mend: add /)
    expect(output).toMatch(
      /WRONG build\n +packages\/runtime\/dist\/gone\.js: its source is gone\n +Mend: 'rm -r /,
    )
  })
})
