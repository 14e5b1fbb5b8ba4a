import { mkdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { events, project } from './support/command.ts'
import { write } from './support/folder.ts'

const { module, sennit } = project({
  'package.json': {
    name: 'project',
    sennit: { plugins: ['./plugins.mjs', './broken.mjs'] },
  },
  'broken.mjs': 'throw new Error("broken inside")',
  'web.mjs': `
    import { hooks } from '@sennit/service'
    export const options = {
      port: { type: 'string', short: 'p', default: '80', description: 'where to listen' },
      dry: { type: 'boolean' },
    }
    export const makeService = (values) => hooks('inner', {
      privilegedStart: ({ context }) => context.log.info({}, 'privileged'),
      start: ({ context }) => context.log.info({ ...values, uid: process.getuid() }, 'started'),
      stop: ({ context }) => context.log.info({}, 'stopped'),
    })`,
  'plugins.mjs': `
    import { ServiceMaker } from '@sennit/service'
    const here = (name) => new URL(name, import.meta.url).href
    export const web = new ServiceMaker('Web', here('./web.mjs'), 'Serves the web', 'web')
    export const bad = new ServiceMaker('Bad', () => import('./broken.mjs'), 'Cannot be loaded', 'bad')
    export const app = new ServiceMaker('App', () => import('./inner.mjs'), 'An application of its own', 'app')`,
})
const elsewhere = project()

/** The package of somebody else, as it would be installed: beside the link to the packages of Sennit, one level up. */
const shared = {
  'package.json': { name: 'shared', type: 'module', exports: { './sennit': { import: './sennit.js' } } },
}

describe('sennit PLUGIN', { timeout: 30_000 }, () => {
  it('AP-14 AP-40 runs what a plugin makes of its options, under a new application named after it, until a signal', async () => {
    const { code, stdout, stderr } = await sennit(
      ['web', '--log-level', 'debug', '-p', '81', '--dry'],
      ['has started', (child) => child.kill('SIGTERM')],
    )
    expect([code, stderr]).toEqual([0, ''])
    const lines = events(stdout)
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'The application has started', application: 'web' }),
    )
    expect(lines).toContainEqual(expect.objectContaining({ service: 'web/inner', state: 'running' }))
    const logged = lines.filter(
      ({ level, msg }) => level === 30 && !String(msg).startsWith('The application'),
    )
    expect(logged).toMatchObject([
      { msg: 'privileged' },
      { msg: 'started', port: '81', dry: true },
      { msg: 'stopped' },
    ])
  })

  it('AP-41 has a privileged start and becomes another user, as a module does', async () => {
    const { code, stdout, messages } = await sennit([
      'web',
      '--for',
      '10ms',
      '--uid',
      '65534',
      '--gid',
      '65534',
    ])
    if (process.getuid!() === 0) {
      expect(code).toBe(0)
      expect(events(stdout)).toContainEqual(expect.objectContaining({ msg: 'started', uid: 65_534 }))
    } else expect([code, messages[0]]).toEqual([1, expect.stringContaining('Cannot drop privileges')])
  })

  it('takes the user of an application that a plugin makes', async () => {
    module(
      'inner.mjs',
      `export const makeService = () => new Application('inner', { uid: 'nobody-of-that-name', gid: 1 })`,
    )
    const { code, messages } = await sennit(['app', '--for', '10ms'])
    expect(code).toBe(1)
    expect(messages).toEqual([expect.stringMatching(/^sennit: Cannot start app: Cannot drop privileges/)])
  })

  it('AP-33 AP-36 is listed by --help, sorted, and none is loaded before it is used', async () => {
    const { code, stdout, stderr } = await sennit(['--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /Plugins:\n +app +An application of its own\n +bad +Cannot be loaded\n +web +Serves the web\n/,
    )
    expect(stderr).toMatch(
      /^sennit: Cannot use the plugin \.\/broken\.mjs of .*package\.json: broken inside\n/,
    )
  })

  it('AP-42 names itself when it is broken, and breaks no other', async () => {
    const { code, messages, stdout } = await sennit(['bad'])
    expect([code, messages]).toEqual([
      1,
      [expect.stringMatching(/^sennit: Cannot use the plugin bad of .*: broken inside$/)],
    ])
    expect(events(stdout)).toMatchObject([
      { level: 50, err: { stack: expect.stringContaining('broken.mjs') } },
    ])
    expect((await sennit(['web', '--for', '10ms'])).code).toBe(0)
  })

  it('AP-36 AP-38 takes what neither it nor the command knows for a usage error', async () => {
    const { code, stderr } = await sennit(['web', '--prt', '81'])
    expect(code).toBe(64)
    expect(stderr).toBe("sennit: unknown option '--prt'; web takes --port, --dry\nSee 'sennit web --help'.\n")
  })

  it('may come from a package that exports it for import only', async () => {
    const { folder } = elsewhere
    rmSync(join(folder, 'node_modules'))
    mkdirSync(join(folder, 'node_modules'))
    symlinkSync(join(import.meta.dirname, '../node_modules/@sennit'), join(folder, 'node_modules/@sennit'))
    write(folder, { 'package.json': { sennit: { plugins: ['shared/sennit'] } } })
    write(join(folder, 'node_modules/shared'), {
      ...shared,
      'sennit.js': `import { ServiceMaker, hooks } from '@sennit/service'
        export const own = new ServiceMaker('S', async () => ({ makeService: () => hooks('s', {}) }), 'Shared', 'shared')`,
    })
    const { code, stdout } = await elsewhere.sennit(['shared', '--for', '10ms'])
    expect(code).toBe(0)
    expect(events(stdout)).toContainEqual(expect.objectContaining({ application: 'shared' }))
  })

  it('is said to wait in vain when its module never loads', async () => {
    write(elsewhere.folder, {
      'package.json': { sennit: { plugins: ['./waits.mjs'] } },
      'waits.mjs': 'await new Promise(() => {})',
    })
    const { code, stderr } = await elsewhere.sennit(['--help'])
    expect([code, stderr]).toEqual([
      1,
      'sennit: Cannot load the plugins: it waits for something that never comes\n',
    ])
  })
})
