import { connect } from 'node:net'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Cleanup, until } from './kit.ts'
import { build, Managed, talk, type Wanted } from './managed.ts'
import { SocketFolder } from './socket-folder.ts'

describe('adoptStreamConnection', { timeout: 60_000 }, () => {
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

  it('RX-30 adopts a connection; its factory is neither started nor stopped', async () => {
    const program = managed(
      [{ port: 0, host: '127.0.0.1', accept: true }],
      `
        class Echo extends Protocol {
          connectionMade() { say('made', this.transport.getHost().toString(), this.transport.getPeer().toString()) }
          dataReceived(data) { this.transport.write(data) }
          connectionLost(reason) { say('lost', reason.name) }
        }
        const factory = Factory.forProtocol(Echo)
        factory.doStart = factory.doStop = () => say('wrong')
        const transport = reactor.adoptStreamConnection(3, 'INET', factory)
        say(transport.constructor.name)
      `,
    )
    const port = (await program.first()) as number
    const client = connect(port, '127.0.0.1')
    cleanup.add(() => client.destroy())
    let text = ''
    client.on('data', (chunk) => (text += String(chunk)))
    await program.says('TCPTransport')
    client.write('echo')
    await until(() => text === 'echo')
    const local = client.localPort
    client.end()
    await program.says('exited 0')
    expect(program.lines.slice(2)).toEqual([
      `made tcp:127.0.0.1:${port} tcp:127.0.0.1:${local}`,
      'TCPTransport',
      'lost ConnectionDone',
      'exited 0',
    ])
  })

  it('RX-30 adopts a connection over a UNIX socket, which is cut when the reactor shuts down', async () => {
    const path = files.path()
    const program = managed(
      [{ path, accept: true }],
      `
        class Quiet extends Protocol {
          connectionMade() { say(this.transport.getHost().toString()) }
          connectionLost(reason) { say('lost', reason.name) }
        }
        reactor.adoptStreamConnection(3, 'UNIX', Factory.forProtocol(Quiet))
        setTimeout(() => reactor.stop(), 50)
        await reactor.run()
        say('over')
      `,
    )
    await program.first()
    const client = talk({ path })
    await program.says('over')
    await program.says('exited 0')
    await expect(client).resolves.toBe('')
    expect(program.lines.slice(2)).toEqual([`unix:${path}`, 'lost ConnectionLost', 'over', 'exited 0'])
  })

  it('RX-30 closes a connection for which the factory builds nothing, or throws', async () => {
    const wanted = { port: 0, host: '127.0.0.1', accept: true }
    for (const body of ['return undefined', 'throw new Error("broken")']) {
      const program = managed(
        [wanted],
        `say(String(reactor.adoptStreamConnection(3, 'INET', { buildProtocol() { ${body} } })))`,
      )
      const port = (await program.first()) as number
      const client = talk({ port })
      await program.says('undefined')
      await program.says('exited 0')
      await expect(client).resolves.toBe('')
    }
  })

  it('RX-30 fault 50: refuses a port as a connection, and leaves it alone', async () => {
    const program = managed(
      [{ port: 0, host: '127.0.0.1' }, 'file'],
      `
        for (const fd of [3, 4, 100]) {
          try {
            reactor.adoptStreamConnection(fd, 'INET', new Factory())
          } catch (error) {
            say(fd, error.code)
          }
        }
        const port = await reactor.adoptStreamPort(3, 'INET', greet('fine'))
        say('ready')
        await told()
        await port.stopListening()
        process.exit(0)
      `,
    )
    const [port] = (await program.first()) as [number]
    await program.says('ready')
    expect(program.lines.slice(1, 4)).toEqual([3, 4, 100].map((fd) => `${fd} ERR_SENNIT_REACTOR_OPTION`))
    await expect(talk({ port })).resolves.toBe('fine')
    program.tell('stop')
    await program.says('exited 0')
  })
})
