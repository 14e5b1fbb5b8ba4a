import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { answer } from '../src/answer.ts'
import { folderWith } from './support/folder.ts'
import { memoryTerminal, type MemoryTerminal } from './support/memory-terminal.ts'

const SERVICE = '{ name: "x", startService() {}, stopService() {}, privilegedStartService() {} }'
const folder = folderWith({
  'package.json': { sennit: { plugins: ['./plugins.mjs', './broken.mjs'] } },
  'plugins.mjs': `
    const maker = (tapname, module) => ({
      name: 'N', description: 'About ' + tapname, tapname,
      get options() { return module().then(({ options }) => options) },
      makeService: (options) => module().then((it) => it.makeService(options)),
    })
    export const web = maker('web', () => import('./web.mjs'))
    export const lazy = maker('lazy', () => import('./lazy.mjs'))
    export const alpha = maker('alpha', () => import('./alpha.mjs'))
    export const odd = maker('odd', async () => ({ makeService: () => 5 }))
    export const greedy = maker('greedy', async () => ({ options: { for: { type: 'string' } } }))
    export const picky = maker('picky', async () => ({
      makeService() { throw Object.assign(new Error('--x must be y'), { code: 'ERR_SENNIT_USAGE' }) },
    }))
    export const poor = maker('poor', async () => ({ makeService() { throw new Error('no money') } }))`,
  'broken.mjs': 'throw new Error("broken inside")',
  'web.mjs': `export const options = { port: { type: 'string', description: 'where to listen', short: 'p', default: '80' } }
    export const makeService = () => (${SERVICE})`,
  'lazy.mjs': 'globalThis.sennitLoaded = true',
  'alpha.mjs': 'throw new Error("alpha is broken")',
  'app.mjs': `export const options = { tag: { type: 'string', multiple: true, description: 'a tag' }, dry: { type: 'boolean' } }
    export default () => (${SERVICE})`,
  'none.mjs': 'export const x = 1',
})
const app = join(folder, 'app.mjs')
let terminal: MemoryTerminal

beforeEach(() => {
  terminal = memoryTerminal()
})

async function sennit(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const code = await answer(args, terminal, folder)
  return { code, out: terminal.stdout.text, err: terminal.stderr.text }
}

describe('sennit', () => {
  it('AP-36 without a command shows its usage on stderr, and ends with 64', async () => {
    const { code, out, err } = await sennit()
    expect([code, out]).toEqual([64, ''])
    expect(err).toContain(
      'sennit: missing command; expected one of run, check, status, alpha, greedy, lazy, odd, picky, poor, web\n',
    )
    expect(err).toContain('Usage: sennit COMMAND')
  })

  it.each([
    [['walk'], "unknown command 'walk'; expected one of run, check, status, alpha,", "See 'sennit --help'."],
    [['--walk'], "unknown option '--walk'", "See 'sennit --help'."],
    [['run'], 'missing MODULE; expected MODULE, a .js, .mjs, .cjs or .ts file', "See 'sennit run --help'."],
    [['check', ''], 'missing MODULE', "See 'sennit check --help'."],
    [
      ['run', '--wlak', 'x.js'],
      "unknown option '--wlak'; expected MODULE, a .js, .mjs, .cjs or .ts file, or one of --help, --log-level",
      "See 'sennit run --help'.",
    ],
    [
      ['run', app, '--wlak'],
      `unknown option '--wlak'; ${app} takes --tag, --dry`,
      "See 'sennit run --help'.",
    ],
    [['run', app, 'x'], `unexpected argument 'x'; ${app} takes --tag, --dry`, "See 'sennit run --help'."],
    [['run', app, '--', 'x'], "unexpected argument 'x'", "See 'sennit run --help'."],
    [
      ['run', app, '--log-level', 'loud'],
      "option '--log-level <level>' argument 'loud' is invalid. Allowed choices are trace,",
      "See 'sennit run --help'.",
    ],
    [['run', app, '--for'], "option '--for <duration>' argument missing", "See 'sennit run --help'."],
    [['run', app, '--status=tcp:80x'], "option '--status [endpoint]': ", '80x'],
    [
      ['status', 'x'],
      "'x' is no address of a status page; expected 'http://HOST:PORT/'",
      "See 'sennit status --help'.",
    ],
    [
      ['status', '1', '2'],
      "too many arguments for 'status'. Expected 1 argument but got 2.",
      "See 'sennit status --help'.",
    ],
    [
      ['status', '--interval', '1ms'],
      "option '--interval <duration>' argument '1ms' is invalid. It must be at least 100ms",
      "See 'sennit status --help'.",
    ],
    [['web', '--prt', '1'], "unknown option '--prt'; web takes --port", "See 'sennit web --help'."],
    [['web', 'x'], "unexpected argument 'x'; web takes --port", "See 'sennit web --help'."],
    [['picky'], '--x must be y', "See 'sennit picky --help'."],
    [
      ['run', '\u001b[2J'.padStart(10, '-')],
      String.raw`unknown option '------\x1b[2J'`,
      "See 'sennit run --help'.",
    ],
  ])(
    'AP-36 AP-38 takes %j for a usage error: 64, what was wrong, what was expected',
    async (args, message, hint) => {
      const { code, out, err } = await sennit(...args)
      expect([code, out]).toEqual([64, ''])
      expect(err).toContain(`sennit: ${message}`)
      expect(err).toContain(hint)
      expect(err).toMatch(/\n$/)
    },
  )

  it('AP-37 AP-48 writes its version and help to stdout, and ends with 0', async () => {
    const manifest = JSON.parse(readFileSync(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string
    }
    expect(await sennit('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' })
    terminal = memoryTerminal()
    const { code, out } = await sennit('run', '--help')
    expect([code, out.startsWith('Usage: sennit run')]).toEqual([0, true])
  })

  it('AP-33 AP-36 lists the plugins by name, loads none of them, and names the broken one', async () => {
    const { code, out, err } = await sennit('--help')
    expect(code).toBe(0)
    const names = [...out.matchAll(/^ {2}(\w+) +About/gm)].map(([, name]) => name)
    expect(names).toEqual(['alpha', 'greedy', 'lazy', 'odd', 'picky', 'poor', 'web'])
    expect((globalThis as { sennitLoaded?: boolean }).sennitLoaded).toBeUndefined()
    expect(err).toBe(
      `sennit: Cannot use the plugin ./broken.mjs of ${join(folder, 'package.json')}: broken inside\n`,
    )
  })

  it('shows the options of a module, and of a plugin, with its own', async () => {
    const { out } = await sennit('run', app, '--help')
    expect(out).toMatch(/Usage: sennit run/)
    expect(out).toMatch(/--log-level <level>/)
    expect(out).toContain(`Options of ${app}:`)
    expect(out).toMatch(/--tag <value\.\.\.> +a tag/)
    expect(out).toMatch(/--dry\n/)
    terminal = memoryTerminal()
    const plugin = await sennit('web', '-h')
    expect(plugin).toMatchObject({ code: 0, err: '' })
    expect(plugin.out).toMatch(/Options of web:\n +-p, --port <value> +where to listen \(default: "80"\)/)
  })

  it.each([
    [['help'], 'Usage: sennit COMMAND'],
    [['help', 'run'], 'Usage: sennit run'],
    [['help', 'web'], 'Usage: sennit web'],
    [['check', '-h'], 'Usage: sennit check'],
    [['-h'], 'Usage: sennit COMMAND'],
  ])('answers %j with help', async (args, usage) => {
    const { code, out } = await sennit(...args)
    expect([code, out.split(' [')[0]]).toEqual([0, usage])
  })

  it('AP-36 takes the options of running before the command, too', async () => {
    const { code, err } = await sennit('--log-level', 'debug', '--status', 'run', '--umask', '9', app)
    expect(code).toBe(64)
    expect(err).toContain("'--umask <octal>' argument '9'")
    terminal = memoryTerminal()
    expect((await sennit('--log-level', 'loud', 'web')).err).toContain("'loud'")
  })

  it.each([
    [['alpha'], 'Cannot use the plugin alpha', 'alpha is broken'],
    [['alpha', '--help'], 'Cannot use the plugin alpha', 'alpha is broken'],
    [['odd'], 'Cannot use the plugin odd', 'what it makes is no service'],
    [['greedy'], 'Cannot use the plugin greedy', "its option --for is one of sennit's own"],
    [['poor'], 'Cannot use the plugin poor', 'it failed: no money'],
    [['run', join(folder, 'none.mjs')], 'Cannot run ', 'must export an application'],
    [['run', 'nowhere.mjs', '--help'], 'Cannot run nowhere.mjs', 'there is no such file'],
    [['check', 'nowhere.mjs'], 'Cannot run nowhere.mjs', 'there is no such file'],
  ])('AP-42 says of %j in one line what is wrong, and ends with 1', async (args, what, why) => {
    const { code, err } = await sennit(
      ...args,
      ...(args.includes('--help') || args[0] === 'check' ? [] : ['--log-level', 'silent']),
    )
    expect(code).toBe(1)
    expect(err).toMatch(/^sennit: [^\n]*\n$/)
    expect(err).toContain(`sennit: ${what}`)
    expect(err).toContain(why)
  })

  it('does not look at plugins for its own commands', async () => {
    expect((await sennit('run', 'nowhere.mjs')).err).not.toContain('broken')
  })

  it('names broken plugins when a command is unknown: it may be one of them', async () => {
    expect((await sennit('brokn')).err).toContain('broken inside')
  })
})

describe('sennit check', () => {
  it('shows the tree of a module, and ends with 0', async () => {
    expect(await sennit('check', app)).toEqual({
      code: 0,
      out: 'app   Application  services 1\n└─ x  Object\n',
      err: '',
    })
  })
})
