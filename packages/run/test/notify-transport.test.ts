import type { IReactorUNIXDatagram } from '@sennit/interfaces'
import { MemoryWorld } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { type NotifyTransport, notifyTransport } from '../src/notify-transport.ts'

let world: MemoryWorld
let errors: Error[]
let program: string[]

beforeEach(() => {
  world = new MemoryWorld({ seed: 1 })
  errors = []
  program = []
})

const runProgram = (socket: string): NotifyTransport => ({
  send: (message) => void program.push(`${socket} ${message}`),
  close: async () => void program.push('closed'),
})

const make = (socket: string, reactor: IReactorUNIXDatagram | undefined = world): NotifyTransport =>
  notifyTransport(reactor, runProgram)(socket, (error) => errors.push(error))

/** A reactor that has the role, but not what it stands on. */
const lacking: IReactorUNIXDatagram = {
  listenUNIXDatagram: () => Promise.reject(new Error('not here')),
  connectUNIXDatagram: (_path, protocol) => {
    queueMicrotask(() =>
      protocol.connectionFailed(Object.assign(new Error('missing'), { code: 'ERR_SENNIT_MISSING_PEER' })),
    )
    return { disconnect: () => {}, getDestination: () => undefined as never }
  },
}

describe('notifyTransport', () => {
  it('sends datagrams, in order, also those that were sent before there was a socket', async () => {
    const heard: string[] = []
    await world.run(
      world.listenUNIXDatagram('/run/notify', {
        makeConnection: () => {},
        datagramReceived: (datagram: Uint8Array) => void heard.push(Buffer.from(datagram).toString()),
        doStart: () => {},
        doStop: () => {},
      } as never),
    )
    const transport = make('/run/notify')
    transport.send('STATUS=starting')
    transport.send('READY=1')
    await world.advance('1s')
    transport.send('STOPPING=1')
    await world.run(transport.close())
    await world.advance('1s')
    expect(heard).toEqual(['STATUS=starting', 'READY=1', 'STOPPING=1'])
    expect([errors, program]).toEqual([[], []])
  })

  it('tells once that nobody listens, and goes on', async () => {
    const transport = make('/run/nobody')
    transport.send('READY=1')
    await world.advance('1s')
    transport.send('STOPPING=1')
    await world.advance('1s')
    await world.run(transport.close())
    expect(errors).toHaveLength(1)
  })

  it('runs the program for an abstract socket, and where the reactor cannot send', async () => {
    make('@notify').send('READY=1')
    expect(program).toEqual(['@notify READY=1'])
    notifyTransport(undefined, runProgram)('/run/notify', () => {}).send('READY=1')
    expect(program).toEqual(['@notify READY=1', '/run/notify READY=1'])
  })

  it('runs the program, in order, when what the reactor needs is not installed', async () => {
    const transport = make('/run/notify', lacking)
    transport.send('STATUS=starting')
    await Promise.resolve()
    transport.send('READY=1')
    await transport.close()
    expect(program).toEqual(['/run/notify STATUS=starting', '/run/notify READY=1', 'closed'])
    expect(errors).toEqual([])
  })
})
