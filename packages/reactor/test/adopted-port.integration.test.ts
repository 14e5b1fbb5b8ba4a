import { connect } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Cleanup } from './kit.ts'
import { build, Managed, talk, type Wanted } from './managed.ts'
import { SocketFolder } from './socket-folder.ts'

describe('adoptStreamPort and inheritedSockets', { timeout: 60_000 }, () => {
  let cleanup: Cleanup
  let files: SocketFolder

  beforeAll(build, 180_000)
  beforeEach(() => {
    cleanup = new Cleanup()
    files = new SocketFolder()
  })
  afterEach(async () => {
    await cleanup.run()
    files.dispose()
  })

  function managed(wanted: readonly Wanted[], code: string, names = wanted.map(() => '')): Managed {
    const made = new Managed(wanted, names, code)
    cleanup.add(() => made.manager.kill('SIGKILL'))
    return made
  }

  it('RX-30 EP-61 serves what it inherits, on TCP and UNIX, and leaves it to others when it stops', async () => {
    const path = files.path()
    const program = managed(
      [{ port: 0, host: '127.0.0.1' }, { path }, { port: 0, host: '::1' }],
      `
        const families = ['INET', 'UNIX', 'INET6']
        const inherited = reactor.inheritedSockets()
        say('environment', Object.keys(process.env).filter((name) => name.startsWith('LISTEN_')).length)
        const ports = []
        for (const [i, { fd, name }] of inherited.entries()) {
          ports.push(await reactor.adoptStreamPort(fd, families[i], greet(name), { drainTimeout: 1 }))
          say(name, ports[i].describe().kind, ports[i].getHost().toString())
        }
        say('ready')
        await told()
        for (const port of ports) await port.stopListening()
        say('stopped')
        process.exit(0)
      `,
      ['web', 'control', 'six'],
    )
    const [web, , six] = (await program.first()) as [number, string, number]
    await program.says('ready')
    expect(program.lines.slice(1, 5)).toEqual([
      'environment 0',
      `web TCPPort tcp:127.0.0.1:${web}`,
      `control UNIXPort unix:${path}`,
      `six TCPPort tcp:[::1]:${six}`,
    ])
    await expect(talk({ port: web })).resolves.toBe('web')
    await expect(talk({ path })).resolves.toBe('control')
    await expect(talk({ port: six, host: '::1' })).resolves.toBe('six')
    program.tell('stop')
    await program.says('stopped')
    await program.says('exited 0')
    await expect(talk({ port: web })).resolves.toBe('the manager')
    await expect(talk({ path })).resolves.toBe('the manager')
  })

  it('RX-30 takes all options of a port: held, limits, protocols', async () => {
    const program = managed(
      [{ port: 0, host: '127.0.0.1' }],
      `
        class Late extends Protocol { connectionMade() { this.transport.write(Buffer.from('late')); this.transport.loseConnection() } }
        const factory = Factory.forProtocol(Late)
        factory.startFactory = () => say('started')
        factory.stopFactory = () => say('over')
        const port = await reactor.adoptStreamPort(3, 'INET', factory, { held: true, maxConnections: 5 })
        say(port.describe().state)
        await told()
        port.serve()
        await new Promise((resolve) => setTimeout(resolve, 50))
        while (port.describe().facts.accepted < 1) await new Promise((resolve) => setTimeout(resolve, 5))
        await port.stopListening()
      `,
    )
    const [port] = (await program.first()) as [number]
    await program.says('held')
    const client = talk({ port })
    program.tell('serve')
    await expect(client).resolves.toBe('late')
    await program.says('over')
    expect(program.lines.slice(1, 3)).toEqual(['started', 'held'])
  })

  it('RX-30 fault 50: refuses what is no port, and leaves it alone', async () => {
    const program = managed(
      ['file', 'udp', { port: 0, host: '127.0.0.1', accept: true }, { port: 0, host: '127.0.0.1' }],
      `
        import { fstatSync, readdirSync, closeSync } from 'node:fs'
        say('file', await failure(reactor.adoptStreamPort(3, 'INET', greet(''))))
        say('udp', await failure(reactor.adoptStreamPort(4, 'INET', greet(''))))
        say('connection', await failure(reactor.adoptStreamPort(5, 'INET', greet(''))))
        say('family', await failure(reactor.adoptStreamPort(6, 'UNIX', greet(''))))
        say('handler', await failure(reactor.adoptStreamPort(6, 'INET', {})))
        for (const fd of [3, 4, 5, 6]) fstatSync(fd)
        const before = readdirSync('/proc/self/fd').length
        let refused = 0
        for (let fd = 7; fd < 64; fd++) {
          if ((await failure(reactor.adoptStreamPort(fd, 'INET', greet('')))) !== 'fine') refused++
        }
        say('others', refused, readdirSync('/proc/self/fd').length - before)
        say(await failure(reactor.adoptStreamPort(6, 'INET', greet('fine'))))
        await told()
        process.exit(0)
      `,
    )
    const there = (await program.first()) as number
    const client = connect(there, '127.0.0.1')
    cleanup.add(() => client.destroy())
    await program.says('fine')
    const [, addresses, ...lines] = program.lines
    expect(lines).toEqual([
      'file ReactorOptionError ERR_SENNIT_REACTOR_OPTION',
      'udp UnsupportedSocketType ERR_SENNIT_SOCKET_TYPE',
      'connection CannotListenError EINVAL',
      'family UnsupportedAddressFamily ERR_SENNIT_ADDRESS_FAMILY',
      'handler HandlerError ERR_SENNIT_HANDLER',
      'others 57 0',
      'fine',
    ])
    const port = (JSON.parse(addresses!) as number[])[3]!
    await expect(talk({ port })).resolves.toBe('fine')
    program.tell('stop')
    await program.says('exited 0')
  })

  it('EP-61 hands nothing of it on to a process that it starts', async () => {
    const program = managed(
      [{ port: 0, host: '127.0.0.1' }, { path: files.path() }],
      `
        import { spawnSync } from 'node:child_process'
        const look = 'for each in /proc/$$/fd/*; do echo "fd $' + '{each##*/} $(readlink $each)"; done; env'
        const child = () => {
          const { stdout } = spawnSync('sh', ['-c', look], { encoding: 'utf8' })
          const sockets = [...stdout.matchAll(/^fd (\\d+) socket:/gm)].filter(([, fd]) => Number(fd) > 2)
          return [sockets.length, /^fd 1 /m.test(stdout), [...stdout.matchAll(/^LISTEN_/gm)].length]
        }
        say('before', child())
        say('inherited', reactor.inheritedSockets().map(({ fd }) => fd))
        say('after', child())
        await reactor.adoptStreamPort(3, 'INET', greet('fine'))
        say('adopted', child())
        process.exit(0)
      `,
    )
    await program.says('exited 0')
    expect(program.lines.slice(1, -1)).toEqual([
      'before 0,true,3',
      'inherited 3,4',
      'after 0,true,0',
      'adopted 0,true,0',
    ])
  })

  it('RX-30 is not taken over twice, also when somebody tries to', async () => {
    const program = managed(
      [{ port: 0, host: '127.0.0.1' }],
      `
        const port = await reactor.adoptStreamPort(3, 'INET', greet('first'))
        say('again', await failure(reactor.adoptStreamPort(3, 'INET', greet('second'))))
        say('ready')
        await told()
        process.exit(0)
      `,
    )
    const [port] = (await program.first()) as [number]
    await program.says('ready')
    expect(program.lines[1]).toBe('again CannotListenError EEXIST')
    await expect(talk({ port })).resolves.toBe('first')
    await expect(talk({ port })).resolves.toBe('first')
    program.tell('stop')
    await program.says('exited 0')
  })
})
