import type { IAddress, IListeningPort, IServiceContext, StreamListenOptions } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import {
  ListeningService,
  type ListeningServiceOptions,
  ServiceNotListeningError,
  VolatileDataService,
} from '../src/index.ts'
import { gate, outcome, recorder } from './kit.ts'

class Port implements IListeningPort {
  readonly journal: string[] = []
  /** What `stopListening` waits for. */
  closing: Promise<void> | undefined
  describe: unknown

  getHost(): IAddress {
    return { type: 'UNIX', equals: () => false, toString: () => 'unix:/run/door' } as IAddress
  }
  serve(): void {
    this.journal.push('serve')
  }
  stopListening(): void | Promise<void> {
    this.journal.push('stop')
    return this.closing
  }
}

interface DoorOptions extends StreamListenOptions {
  readonly colour?: string
}

/** Listens at a port that the test has made, when the test says so. */
class Door extends ListeningService<DoorOptions> {
  readonly #made: () => Promise<IListeningPort>
  readonly #calls: [IServiceContext, DoorOptions][]

  constructor(
    made: () => Promise<IListeningPort>,
    calls: [IServiceContext, DoorOptions][],
    options: ListeningServiceOptions<DoorOptions>,
  ) {
    super(options)
    this.#made = made
    this.#calls = calls
  }

  protected override listen(context: IServiceContext, options: DoorOptions): Promise<IListeningPort> {
    this.#calls.push([context, options])
    return this.#made()
  }
}

function setUp(options: ListeningServiceOptions<DoorOptions> = {}, made?: (port: Port) => Promise<Port>) {
  const calls: [IServiceContext, DoorOptions][] = []
  const ports: Port[] = []
  const make = (): Promise<Port> => {
    const port = new Port()
    ports.push(port)
    return made === undefined ? Promise.resolve(port) : made(port)
  }
  return { calls, ports, door: new Door(make, calls, options) }
}

describe('ListeningService', () => {
  it('SE-01 SE-02 listens in the privileged start, once, and is not running yet', async () => {
    const { calls, ports, door } = setUp()
    await door.privilegedStartService()
    expect(calls).toHaveLength(1)
    expect([door.running, door.port, ports[0]!.journal]).toEqual([false, ports[0], []])
  })

  it('hands its own options, a signal and what it has inherited to what it listens with', async () => {
    const reactor = new Clock()
    const log = recorder()
    const { calls, door } = setUp({ name: 'front', reactor, log, stopTimeout: 5, colour: 'red' })
    await door.startService()
    const [context, { signal, ...rest }] = calls[0]!
    expect(context).toMatchObject({ reactor, log })
    expect(rest).toEqual({ held: true, colour: 'red', context })
    expect(signal!.aborted).toBe(false)
    expect([door.name, door.stopTimeout]).toEqual(['front', 5])
  })

  it('SE-03 listens in the start when there was no privileged one, and serves then', async () => {
    const { calls, ports, door } = setUp()
    await door.startService()
    expect(calls).toHaveLength(1)
    expect(ports[0]!.journal).toEqual(['serve'])
    expect(door.running).toBe(true)
  })

  it.each([false, true])(
    'SE-03 closes the port again when it cannot serve, and listens anew then (after a privileged start: %s)',
    async (privileged) => {
      const error = new Error('no')
      const { ports, door } = setUp({}, async (port) => {
        if (ports.length === 1) {
          port.serve = () => {
            throw error
          }
        }
        return port
      })
      if (privileged) await door.privilegedStartService()
      expect(await outcome(door.startService())).toBe(error)
      expect([ports[0]!.journal, door.port, door.running]).toEqual([['stop'], undefined, false])
      await door.startService()
      expect(ports.map(({ journal }) => journal)).toEqual([['stop'], ['serve']])
    },
  )

  it('SE-04 does not listen again in the start after a privileged one', async () => {
    const { calls, ports, door } = setUp()
    await door.privilegedStartService()
    await door.startService()
    expect(calls).toHaveLength(1)
    expect(ports[0]!.journal).toEqual(['serve'])
  })

  it('SE-05 SE-06 SE-07 SE-08 rejects the start when it cannot listen; a stop after that is harmless', async () => {
    const error = new Error('taken')
    const { door } = setUp({}, () => Promise.reject(error))
    expect(await outcome(door.privilegedStartService())).toBe(error)
    expect(await outcome(door.startService())).toBe(error)
    expect([door.running, door.port]).toEqual([false, undefined])
    expect(await outcome(door.stopService())).toBe('done')
  })

  it('SE-06 rejects the start when it cannot listen, also when that throws at once', async () => {
    const error = new Error('taken')
    const { door } = setUp({}, () => {
      throw error
    })
    expect(await outcome(door.startService())).toBe(error)
  })

  it('SE-09 closes the port, waits for that, and forgets it', async () => {
    const { ports, door } = setUp()
    await door.startService()
    const closing = gate()
    ports[0]!.closing = closing.promise
    const stopped = door.stopService()
    expect(ports[0]!.journal).toEqual(['serve', 'stop'])
    expect(await outcome(stopped)).toBe('pending')
    expect([door.port, door.running, door.state]).toEqual([undefined, false, 'stopping'])
    closing.open()
    expect(await outcome(stopped)).toBe('done')
  })

  it('SE-10 gives up a listen that has not finished, and closes a port that comes too late', async () => {
    const bound = gate()
    const { calls, ports, door } = setUp({}, (port) => bound.promise.then(() => port))
    const started = outcome(door.startService())
    const stopped = outcome(door.stopService())
    expect(calls[0]![1].signal!.aborted).toBe(true)
    bound.open()
    expect(await stopped).toBe('done')
    expect(await started).toMatchObject({ code: 'ABORT_ERR' })
    expect(ports[0]!.journal).toEqual(['stop'])
    expect(door.port).toBeUndefined()
  })

  it('SE-11 logs what else goes wrong when a listen is given up', async () => {
    const log = recorder()
    const error = new Error('no room')
    const bound = gate()
    const { door } = setUp({ log }, (port) => bound.promise.then(() => port))
    const started = outcome(door.startService())
    const stopped = outcome(door.stopService())
    bound.fail(error)
    expect(await stopped).toBe('done')
    await started
    expect(log.events).toContainEqual({
      level: 'error',
      fields: { err: error },
      message: 'Giving up has failed',
    })
  })

  it('SE-12 SE-15 stops without a word when it does not listen', async () => {
    const { door } = setUp()
    expect(await outcome(door.stopService())).toBe('done')
    expect(await outcome(door.stopService())).toBe('done')
  })

  it('SE-13 rejects the stop when the port cannot be closed, and is stopped', async () => {
    const { ports, door } = setUp({ log: recorder() })
    await door.startService()
    const error = new Error('stuck')
    ports[0]!.closing = Promise.reject(error)
    expect(await outcome(door.stopService())).toBe(error)
    expect([door.running, door.port]).toEqual([false, undefined])
  })

  it('SE-14 listens again when it is started again', async () => {
    const { ports, door } = setUp()
    await door.startService()
    await door.stopService()
    await door.startService()
    expect(ports.map(({ journal }) => journal)).toEqual([['serve', 'stop'], ['serve']])
    expect(door.port).toBe(ports[1])
  })

  it('SE-17 says where it listens, and what the port says about itself', async () => {
    const { ports, door } = setUp()
    expect(() => door.getHost()).toThrow(ServiceNotListeningError)
    expect(door.describe().facts).toEqual({})
    await door.startService()
    expect(String(door.getHost())).toBe('unix:/run/door')
    expect(door.describe().facts).toEqual({ address: 'unix:/run/door' })
    ports[0]!.describe = () => ({ facts: { accepted: 5 } })
    expect(door.describe().facts).toEqual({ address: 'unix:/run/door', accepted: 5 })
  })

  it('SE-16 hands on how it is to drain', async () => {
    const { calls, door } = setUp({ drain: false, drainTimeout: '1s' })
    await door.startService()
    expect(calls[0]![1]).toMatchObject({ drain: false, drainTimeout: '1s' })
  })

  it('leaves the port out of its JSON form', async () => {
    const { door } = setUp({ name: 'front', colour: 'red' })
    await door.startService()
    expect(door).toBeInstanceOf(VolatileDataService)
    expect(JSON.parse(JSON.stringify(door))).toEqual({ name: 'front' })
  })
})
