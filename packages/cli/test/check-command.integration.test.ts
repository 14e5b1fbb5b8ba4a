import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { project } from './support/command.ts'

const { module, sennit } = project()

describe('sennit check', { timeout: 30_000 }, () => {
  it('shows the tree of a module, starts nothing, and ends with 0', async () => {
    const file = module(
      'app.mjs',
      `export const options = { port: { type: 'string' } }
      export default ({ port }) => new Application('relay', { uid: 'web', stopTimeout: '3s' }, [
        hooks('db', { privilegedStart: () => say('privileged'), start: () => say('started') }),
        new MultiService({ name: 'inputs' }, [service('tcp:' + port + ':interface=127.0.0.1', protocol)]),
      ])`,
    )
    const { code, stdout, stderr } = await sennit(['check', file, '--port', '8125'])
    expect([code, stderr]).toEqual([0, ''])
    const lines = stdout.split('\n').map((line) => line.split(/ {2,}/))
    expect(lines.map(([label, kind]) => [label, kind])).toEqual([
      ['relay', 'Application'],
      ['├─ db', 'HookService'],
      ['└─ inputs', 'MultiService'],
      ['', '└─ tcp:8125:interface=127.0.0.1'],
      ['', undefined],
    ])
    expect(stdout).toMatch(/^relay .* stopTimeout 3 s {2}uid web$/m)
    const probe = connect(8125, '127.0.0.1')
    const [error] = (await once(probe, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
  })

  it('takes the arguments that running takes', async () => {
    const file = module('plain.mjs', `export default new Application('app', {}, [])`)
    const args = [file, '--log-level', 'debug', '--status', '--uid', '33', '--for', '1s']
    expect(await sennit(['check', ...args])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^app {2}Application/),
    })
    expect((await sennit(['check', file, '--uid', '-1'])).code).toBe(64)
    expect((await sennit(['check', file, '--walk'])).stderr).toContain("See 'sennit check --help'.")
  })

  it.each([
    [
      'has no application',
      'export const x = 1',
      /^sennit: Cannot run none\.mjs: it must export an application/,
    ],
    [
      'has several services of one name',
      `export default new Application('app', {}, [hooks('a', {}), hooks('a', {})])`,
      /^sennit: Cannot run none\.mjs: .*'app'.*'a'/,
    ],
    [
      'listens twice at one place',
      `export default new Application('app', {}, [service('tcp:80', protocol, { name: 'a' }), service('tcp:80', protocol)])`,
      /^sennit: app\/a and app\/tcp:80 cannot both listen at tcp:80\n$/,
    ],
    [
      'starts itself',
      `export const application = new Application('app', {}, []); await application.startService()`,
      /^sennit: app is running before anything was started\n/,
    ],
    [
      'never loads',
      'await new Promise(() => {})',
      /^sennit: Cannot check none\.mjs: it waits for something that never comes\n$/,
    ],
  ])('ends with 1 when a module %s', async (_what, text, message) => {
    const { code, stderr } = await sennit(['check', module('none.mjs', text)])
    expect(code).toBe(1)
    expect(stderr).toMatch(message)
  })

  it('ends although a module has opened something, and says what', async () => {
    const file = module(
      'open.mjs',
      `import { createSocket } from 'node:dgram'
      import { createServer } from 'node:net'
      import { once } from 'node:events'
      setInterval(() => {}, 1000)
      const udp = createSocket('udp4').bind(0, '127.0.0.1')
      const tcp = createServer().listen(0, '127.0.0.1')
      await Promise.all([once(udp, 'listening'), once(tcp, 'listening')])
      export default new Application('app', {}, [])`,
    )
    const { code, messages } = await sennit(['check', file])
    expect(code).toBe(0)
    expect(messages).toHaveLength(1)
    expect(messages[0]).toMatch(/^sennit: note: before anything is started, open\.mjs has opened /)
    for (const what of ['a timer', 'a UDP socket', 'a TCP server']) expect(messages[0]).toContain(what)
  })
})
