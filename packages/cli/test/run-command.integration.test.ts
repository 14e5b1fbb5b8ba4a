import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { events, project, SENNIT } from './support/command.ts'

const { folder, module, sennit, start } = project()
const stop = (child: { kill(signal: 'SIGTERM'): unknown }): unknown => child.kill('SIGTERM')

describe('sennit run', { timeout: 30_000 }, () => {
  it('AP-40 runs an application until a signal, and ends with exit code 0', async () => {
    const file = module(
      'good.mjs',
      `export const application = new Application('app', {}, [hooks('a', { start: () => say('started'), stop: () => say('stopped') })])`,
    )
    const { code, messages } = await sennit(['run', file], ['has started', stop])
    expect([code, messages]).toEqual([0, ['started', 'stopped']])
  })

  it('AP-40 stops in order when the terminal is lost, unless the module has its own use for that signal', async () => {
    const application = `export const application = new Application('app', {}, [hooks('a', { stop: () => say('stopped') })])`
    const plain = await sennit(
      ['run', module('plain.mjs', application)],
      ['has started', (child) => child.kill('SIGHUP')],
    )
    expect([plain.code, plain.messages]).toEqual([0, ['stopped']])
    const reloads = module('reloads.mjs', `process.on('SIGHUP', () => say('read again'))\n${application}`)
    const own = await sennit(
      ['run', reloads],
      ['has started', (child) => child.kill('SIGHUP')],
      ['read again', stop],
    )
    expect([own.code, own.messages]).toEqual([0, ['read again', 'stopped']])
  })

  it('AP-42 has its log first, then loads the module, does what needs privileges, starts, and is ready', async () => {
    const file = module(
      'order.mjs',
      `import { writeSync } from 'node:fs'
      // Past all that waits, so that the order is the true one.
      const mark = (text) => writeSync(1, JSON.stringify({ msg: text }) + '\\n')
      mark('loading')
      export default () => {
        mark('making')
        return new Application('app', {}, [hooks('a', {
          privilegedStart: ({ context }) => context.log.info({}, 'privileged'),
          start: ({ context }) => context.log.info({}, 'starting'),
          stop: ({ context }) => context.log.info({}, 'stopping'),
        })])
      }`,
    )
    const { stdout } = await sennit(['run', file, '--for', '10ms'])
    expect(events(stdout).map(({ msg }) => msg)).toEqual([
      'loading',
      'making',
      'privileged',
      'starting',
      'The application has started',
      'stopping',
    ])
  })

  it.each([
    ['--log-level', 'loud', 64, "'loud'"],
    ['--log-file', 'nowhere/x.log', 74, 'nowhere/x.log'],
    ['--status=tcp:80x', '--for=1s', 64, '80x'],
  ])('AP-37 AP-42 checks %s before anything of the module runs', async (flag, value, code, message) => {
    const result = await sennit(['run', module('touched.mjs', `say('loaded')`), flag, value])
    expect([result.code, result.stdout]).toEqual([code, ''])
    expect(result.stderr).toContain(message)
    expect(result.stderr).not.toContain('loaded')
  })

  it('AP-34 saves nothing, neither of a module nor beside it', async () => {
    const file = module('saved.mjs', `export default new Application('app', {}, [hooks('a', {})])`)
    const before = readdirSync(folder)
    expect((await sennit(['run', file, '--for', '10ms'])).code).toBe(0)
    expect(readdirSync(folder)).toEqual(before)
  })

  it('logs where a module went wrong, and says it in one line', async () => {
    const { code, stdout, stderr } = await sennit(['run', module('wrong.mjs', 'undefined.first')])
    expect(code).toBe(1)
    expect(stderr).toMatch(
      /^sennit: Cannot run wrong\.mjs: Cannot read properties of undefined.* \(wrong\.mjs:\d+\)\n$/,
    )
    expect(events(stdout)).toMatchObject([
      { level: 50, err: { stack: expect.stringMatching(/wrong\.mjs:\d+:\d+/) } },
    ])
    expect((await sennit(['run', 'wrong.mjs', '--log-level', 'silent'])).stdout).toBe('')
  })

  it('AP-09 says in one line that a file is missing', async () => {
    const { code, stderr } = await sennit(['run', 'nowhere.mjs'])
    expect([code, stderr]).toEqual([1, 'sennit: Cannot run nowhere.mjs: there is no such file\n'])
  })

  it('AP-09 says in one line that a module has no application', async () => {
    const { code, stderr } = await sennit(['run', module('none.mjs', 'export const server = 1')])
    expect(code).toBe(1)
    expect(stderr).toBe(
      "sennit: Cannot run none.mjs: it must export an application as 'application' or as its default; it exports server\n",
    )
  })

  it.each([
    ['whose loading never ends', 'await new Promise(() => {})'],
    ['whose function never ends', 'export default () => new Promise(() => {})'],
  ])('says that a module %s waits in vain', async (_what, text) => {
    const { code, stderr } = await sennit(['run', module('waiting.mjs', text)])
    expect(code).toBe(1)
    expect(stderr).toBe('sennit: Cannot run waiting.mjs: it waits for something that never comes\n')
  })

  it('AP-48 ends at a signal while the module loads, with 128 and its number', async () => {
    const file = module(
      'slow.mjs',
      `say('loading'); await new Promise((resolve) => setTimeout(resolve, 20_000))`,
    )
    expect((await sennit(['run', file], ['loading', stop])).code).toBe(143)
    expect((await sennit(['run', file], ['loading', (child) => child.kill('SIGINT')])).code).toBe(130)
  })

  it('AP-42 says in one line which service could not start and why, and stops the others', async () => {
    const file = module(
      'failing.mjs',
      `export default new Application('app', {}, [
        hooks('a', { stop: () => say('a stopped') }),
        hooks('b', { start: () => { throw new Error('no database', { cause: new Error('ECONNREFUSED') }) } }),
      ])`,
    )
    const { code, messages, stdout } = await sennit(['run', file])
    expect(code).toBe(1)
    expect(messages).toEqual([
      'a stopped',
      'sennit: Cannot start failing.mjs: app/b: no database: ECONNREFUSED',
    ])
    expect(events(stdout)).toMatchObject([{ level: 50, msg: expect.stringContaining('app/b: no database') }])
  })

  it('AP-45 is kept from running twice by the address that the first one listens at, which the error names', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await once(taken, 'listening')
    const { port } = taken.address() as { port: number }
    const file = module(
      'port.mjs',
      `export default new Application('app', {}, [
        hooks('a', { privilegedStart() {}, stop: () => say('a stopped') }),
        service('tcp:${port}:interface=127.0.0.1', protocol, { name: 'web' }),
      ])`,
    )
    const { code, messages } = await sennit(['run', file])
    taken.close()
    expect(code).toBe(1)
    expect(messages[0]).toBe('a stopped')
    expect(messages).toHaveLength(2)
    expect(messages[1]).toMatch(/^sennit: Cannot start port\.mjs: app\/web: .*(in use|EADDRINUSE)/)
    expect(messages[1]).toContain(`127.0.0.1:${port}`)
  })

  it('AP-45 is kept from running twice by a UNIX socket, which a crash does not leave taken', async () => {
    const file = module(
      'unix.mjs',
      `export default new Application('app', {}, [service('unix:${join(folder, 'app.sock')}', protocol)])`,
    )
    const crashed = await sennit(['run', file], ['has started', (child) => child.kill('SIGKILL')])
    expect(crashed.signal).toBe('SIGKILL')
    expect(existsSync(join(folder, 'app.sock'))).toBe(true)
    let second: Awaited<ReturnType<typeof sennit>> | undefined
    const first = await sennit(
      ['run', file],
      [
        'has started',
        async (child) => {
          second = await sennit(['run', file])
          stop(child)
        },
      ],
    )
    expect(first.code).toBe(0)
    expect(second).toMatchObject({ code: 1, messages: [expect.stringContaining('app.sock')] })
  })

  it.each([
    ['an endpoint', `service('tcp:80x', {})`, [/port/i, /80x/]],
    ['an endpoint type', `service('tpc:80', {})`, [/tpc/, /tcp/]],
    [
      'a duration',
      `new Application('app', { stopTimeout: '10 s' })`,
      [/position 2/, /'ms', 's', 'm' or 'h'/],
    ],
  ])('says where %s is malformed and what was expected', async (_what, expression, wanted) => {
    const { code, messages } = await sennit(['run', module('malformed.mjs', `export default ${expression}`)])
    expect(code).toBe(1)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/^sennit: Cannot run malformed\.mjs: /)
    for (const pattern of wanted) expect(messages[0]).toMatch(pattern)
  })

  it('says which service did not stop in time', async () => {
    const file = module(
      'stuck.mjs',
      `export default new Application('app', {}, [hooks('stuck', { stop: () => new Promise(() => {}) })])`,
    )
    const { code, messages } = await sennit(['run', file, '--for', '10ms', '--stop-timeout', '100ms'])
    expect(code).toBe(1)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/^sennit: Cannot stop stuck\.mjs well: .*app\/stuck/)
  })

  it('says which service did not start in time', async () => {
    const file = module(
      'late.mjs',
      `export default new Application('app', {}, [hooks('late', { start: () => new Promise(() => {}) })])`,
    )
    const { code, messages } = await sennit(['run', file, '--start-timeout', '100ms'])
    expect([code, messages.length]).toEqual([1, 1])
    expect(messages[0]).toMatch(/^sennit: Cannot start late\.mjs: .*app\/late/)
  })

  it('tells an error that nobody has caught with its stack, and stops', async () => {
    const file = module(
      'crash.mjs',
      `export default new Application('app', {}, [hooks('a', {
        start: () => void setTimeout(() => { throw new Error('out of luck') }, 10),
        stop: () => say('stopped'),
      })])`,
    )
    const { code, stderr } = await sennit(['run', file])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^sennit: crash\.mjs failed: Error: out of luck\n {4}at .*crash\.mjs:\d+/)
    expect(stderr).toMatch(/\nstopped\n$/)
  })

  it('AP-39 logs as JSON when nobody is at a terminal, and as text when asked', async () => {
    const file = module('logging.mjs', `export default new Application('app', {}, [hooks('a', {})])`)
    const json = await sennit(['run', file, '--for', '10ms', '--log-level', 'debug'])
    expect(events(json.stdout)).toContainEqual(
      expect.objectContaining({ service: 'app/a', state: 'running' }),
    )
    expect(events(json.stdout)).toContainEqual(
      expect.objectContaining({ msg: 'The application has started' }),
    )
    const text = await sennit(['run', file, '--for', '10ms', '--log-format', 'text'])
    expect(text.stdout).toMatch(/^\S+Z info The application has started application=app\n/)
    expect((await sennit(['run', file, '--for', '10ms', '--log-level', 'error'])).stdout).toBe('')
  })

  it('AP-29 AP-37 logs to stdout, or to stderr or a file when told to', async () => {
    const file = module('where.mjs', `export default new Application('app', {}, [hooks('a', {})])`)
    const out = await sennit(['run', file, '--for', '10ms'])
    expect([events(out.stdout).length > 0, out.stderr]).toEqual([true, ''])
    const err = await sennit(['run', file, '--for', '10ms', '--log-file', '+'])
    expect([out.stdout.length > 0, err.stdout, events(err.stderr).length > 0]).toEqual([true, '', true])
    for (let i = 0; i < 2; i++) await sennit(['run', file, '--for', '10ms', '--log-file', 'where.log'])
    const lines = events(readFileSync(join(folder, 'where.log'), 'utf8'))
    expect(lines.filter(({ msg }) => msg === 'The application has started')).toHaveLength(2)
  })

  it('AP-39 logs as text on a terminal, and as JSON to a file when stdout is one', async () => {
    const file = module('terminal.mjs', `export default new Application('app', {}, [hooks('a', {})])`)
    const command = `'${process.execPath}' '${SENNIT}' run ${file} --for 10ms`
    // A terminal of its own.
    const onTerminal = async (...args: string[]): Promise<string> => {
      const child = start('script', ['-qec', [command, ...args].join(' '), '/dev/null'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      let text = ''
      child.stdout!.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      await once(child, 'close')
      return text
    }
    expect(await onTerminal()).toMatch(/^\S+Z info The application has started application=app\r\n/)
    expect(await onTerminal('--log-file', 'terminal.log')).toBe('')
    expect(events(readFileSync(join(folder, 'terminal.log'), 'utf8'))[0]).toMatchObject({ level: 30 })
    // There a failed start is told once: nobody needs it twice on the same screen.
    module('terminal.mjs', `export default hooks('a', { start: () => { throw new Error('no database') } })`)
    expect(await onTerminal()).toBe('sennit: Cannot start terminal.mjs: terminal/a: no database\r\n')
  })

  it('ends although the module left a timer behind', async () => {
    const file = module(
      'left.mjs',
      `setInterval(() => {}, 1000); export default new Application('app', {}, [])`,
    )
    expect((await sennit(['run', file, '--for', '10ms'])).code).toBe(0)
  })
})

describe('what a module exports', { timeout: 30_000 }, () => {
  const STARTED = `start: ({ context }) => context.log.info({}, 'logged')`

  it.each([
    [
      'an application that a function makes',
      'made.mjs',
      `export default async () => new Application('app', {}, [hooks('a', { ${STARTED} })])`,
    ],
    ['a service', 'service.mjs', `export default hooks('a', { ${STARTED} })`],
    [
      'a collection',
      'many.mjs',
      `export const application = new MultiService({}, [new MultiService({}, [hooks('a', { ${STARTED} })])])`,
    ],
    [
      'a subclass',
      'class.mjs',
      `class Mine extends Service { onStart({ context }) { context.log.info({}, 'logged') } }; export default new Mine()`,
    ],
  ])('AP-06 is %s, and has the log of the command', async (_what, name, text) => {
    const { code, stdout, stderr } = await sennit(['run', module(name, text), '--for', '10ms'])
    expect([code, stderr]).toEqual([0, ''])
    expect(events(stdout)).toContainEqual(expect.objectContaining({ msg: 'logged' }))
  })

  it('AP-06 is anything that can be started and stopped', async () => {
    const file = module(
      'bare.mjs',
      `export default { startService: () => say('started'), stopService: () => say('stopped'), privilegedStartService: () => say('privileged') }`,
    )
    expect(await sennit(['run', file, '--for', '10ms'])).toMatchObject({
      code: 0,
      messages: ['privileged', 'started', 'stopped'],
    })
  })

  it.each([
    ['an object', 'object.cjs', 'module.exports = { application: make() }'],
    ['an expression', 'expression.cjs', 'module.exports = Object.assign({}, { application: make })'],
    ['the service itself', 'itself.cjs', 'module.exports = make()'],
    [
      'what a compiler made',
      'compiled.cjs',
      "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = make",
    ],
  ])('AP-06 may be of CommonJS: %s', async (_what, name, text) => {
    writeFileSync(
      join(folder, name),
      `const make = () => ({ application: 1, startService: () => process.stderr.write('started\\n'), stopService() {}, privilegedStartService() {} });\n${text}`,
    )
    expect(await sennit(['run', name, '--for', '10ms'])).toMatchObject({ code: 0, messages: ['started'] })
  })

  it('leaves an application its own log', async () => {
    const file = module(
      'own-log.mjs',
      `const log = { debug() {}, info: (fields, text) => say('own: ' + text), warn() {}, error() {} }
      export default new Application('app', { log }, [hooks('a', { ${STARTED} })])`,
    )
    const { messages, stdout } = await sennit(['run', file, '--for', '10ms'])
    expect(messages).toContain('own: logged')
    expect(events(stdout).map(({ msg }) => msg)).toEqual(['The application has started'])
  })
})

describe('the options of a module', { timeout: 30_000 }, () => {
  const OPTIONS = `
    export const options = {
      port: { type: 'string', default: '80', description: 'where to listen' },
      dry: { type: 'boolean', short: 'd' },
    }
    export const positionals = true
    export default (values, positionals) => hooks('a', { start: () => say(JSON.stringify([{ ...values }, positionals])) })`

  it.each([
    [[], '[{"port":"80"},[]]'],
    [['--port', '81', '-d', 'x'], '[{"port":"81","dry":true},["x"]]'],
    [['--log-level', 'warn', '--port=81', '--umask', '027', 'x', '--', '--y'], '[{"port":"81"},["x","--y"]]'],
    [['--', '--log-level', 'loud'], '[{"port":"80"},["--log-level","loud"]]'],
  ])("stand behind it, among the command's own: %j", async (args, shown) => {
    const { code, stderr } = await sennit(['run', '--for', '10ms', module('options.mjs', OPTIONS), ...args])
    expect([code, stderr]).toEqual([0, `${shown}\n`])
  })

  it('make no sense when the module does not declare them', async () => {
    const { code, stderr, stdout } = await sennit(['run', module('options.mjs', OPTIONS), '--prot', '81'])
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain("sennit: unknown option '--prot'; options.mjs takes --port, --dry, arguments\n")
  })

  it('are shown by --help, and the function is not called', async () => {
    const { code, stdout, stderr } = await sennit(['run', module('options.mjs', OPTIONS), '--help'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /--log-level <level>[^]*Options of options\.mjs:\n +--port <value> +where to listen \(default: "80"\)/,
    )
  })

  it("cannot be the command's own", async () => {
    const { code, stderr } = await sennit([
      'run',
      module(
        'clash.mjs',
        `export const options = { uid: { type: 'string' } }; export default () => hooks('a', {})`,
      ),
    ])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^sennit: Cannot run clash\.mjs: its option --uid is one of sennit's own/)
  })

  it('may be refused by the module itself', async () => {
    const { code, stderr } = await sennit([
      'run',
      module(
        'refusing.mjs',
        `import { UsageError } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
        export const options = { port: { type: 'string' } }
        export default ({ port }) => { throw new UsageError("'--port' must be a number, got '" + port + "'") }`,
      ),
      '--port',
      'x',
    ])
    expect(code).toBe(64)
    expect(stderr).toMatch(/^sennit: '--port' must be a number, got 'x'\n/)
  })
})

describe('what the process becomes', { timeout: 30_000 }, () => {
  it('AP-18 AP-41 is another user once the ports are bound, also by the options, which beat the application', async () => {
    const file = module(
      'user.mjs',
      `const who = () => process.getuid() + ':' + process.getgid()
      export default new Application('app', { uid: 1, gid: 1 }, [hooks('a', {
        privilegedStart: () => say('privileged ' + who()),
        start: () => say('started ' + who()),
      })])`,
    )
    const { code, messages } = await sennit([
      'run',
      file,
      '--for',
      '10ms',
      '--uid',
      '65534',
      '--gid',
      '65533',
    ])
    if (process.getuid!() === 0) {
      expect([code, messages]).toEqual([0, ['privileged 0:0', 'started 65534:65533']])
    } else {
      expect(code).toBe(1)
      expect(messages.at(-1)).toMatch(/^sennit: Cannot start user\.mjs: Cannot drop privileges/)
    }
  })

  it('AP-20 makes files with the umask that it is given, and with its own otherwise', async () => {
    const file = module(
      'umask.mjs',
      `import { writeFileSync } from 'node:fs'
      export default new Application('app', {}, [hooks('a', { start: () => writeFileSync('masked' + process.umask(), 'x') })])`,
    )
    expect((await sennit(['run', file, '--for', '10ms', '--umask', '0027'])).code).toBe(0)
    expect(statSync(join(folder, `masked${0o027}`)).mode & 0o777).toBe(0o640)
    expect((await sennit(['run', file, '--for', '10ms'])).code).toBe(0)
    expect(statSync(join(folder, `masked${process.umask()}`)).mode & 0o777).toBe(0o666 & ~process.umask())
  })
})
