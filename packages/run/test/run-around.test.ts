/** What `run` does around the start and the stop: delays, readiness, companions, permissions, the service manager, the reactor. */
import type { IService } from '@sennit/interfaces'
import { Application, hooks } from '@sennit/service'
import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { run, type RunOptions } from '../src/index.ts'
import { FakeProgram } from './support/fake-program.ts'

let world: MemoryWorld
let program: FakeProgram
let log: MemoryLog
let events: string[]
let app: Application

beforeEach(() => {
  world = new MemoryWorld({ seed: 1 })
  program = new FakeProgram()
  log = new MemoryLog()
  events = []
})

const note = (text: string) => () => void events.push(text)

function begin(options: RunOptions = {}, children: IService[] = [], own = {}): Promise<number> {
  app = new Application('app', { reactor: world, log, ...own }, [
    hooks('a', { privilegedStart: note('bind'), start: note('start'), stop: note('stop') }),
    ...children,
  ])
  app.onReadyChange((ready) => events.push(ready ? 'ready' : 'not ready'))
  return run(app, { clock: world, process: program, ...options })
}

/** A process whose user can be changed. */
class RootProgram extends FakeProgram {
  readonly calls: string[] = []
  uid: number | string = 0
  getuid = () => this.uid
  getgid = () => 1
  #call(what: string, id: number | string): void {
    if (this.uid !== 0) throw new Error('EPERM')
    this.calls.push(`${what} ${id}`)
  }
  initgroups = (user: number | string, group: number | string) => this.#call(`initgroups ${user}`, group)
  setgid = (id: number | string) => this.#call('setgid', id)
  seteuid = (id: number | string) => this.#call('seteuid', id)
  setuid = (id: number | string) => {
    this.#call('setuid', id)
    this.uid = id
  }
}

describe('another user', () => {
  const own = { uid: 'web', gid: 'www' }
  beforeEach(() => {
    program = new RootProgram()
  })

  it('AP-18 prefers its own user and group to those of the application', async () => {
    const result = begin({ uid: 1000, gid: 1001 }, [], own)
    await world.advance('1s')
    expect((program as RootProgram).calls).toEqual(['initgroups 1000 1001', 'setgid 1001', 'setuid 1000'])
    program.emit('SIGTERM')
    expect(await world.run(result)).toBe(0)
  })

  it('AP-17 AP-18 becomes the user of the application between the two passes', async () => {
    const root = program as RootProgram
    const call = root.setuid
    root.setuid = (id) => {
      call(id)
      events.push(`user ${id}`)
    }
    const result = begin({}, [], own)
    await world.advance('1s')
    expect(events).toEqual(['bind', 'user web', 'start', 'ready'])
    program.emit('SIGTERM')
    await world.run(result)
  })

  it('AP-19 ends with 1 when it may not become another user, and starts nothing', async () => {
    ;(program as RootProgram).uid = 5
    expect(await world.run(begin({}, [], own))).toBe(1)
    expect(log.errors()).toEqual([
      expect.objectContaining({
        code: 'ERR_SENNIT_PRIVILEGES',
        message: expect.stringContaining('only root') as string,
      }),
    ])
    expect(events).toEqual(['bind', 'stop'])
  })
})

describe('the permissions of new files', () => {
  it.each([
    ['027', 0o27],
    [0o77, 0o77],
    ['0', 0],
  ])('AP-20 are set to %j before the privileged pass', async (umask, mask) => {
    const set = program.umask.bind(program)
    program.umask = (value) => {
      events.push('umask')
      return set(value)
    }
    const result = begin({ umask })
    await world.advance('1s')
    expect(program.masks).toEqual([mask])
    expect(events.slice(0, 2)).toEqual(['umask', 'bind'])
    program.emit('SIGTERM')
    await world.run(result)
  })

  it('AP-20 are left as they are by default', async () => {
    const result = begin()
    await world.advance('1s')
    expect(program.masks).toEqual([])
    program.emit('SIGTERM')
    await world.run(result)
  })

  it.each(['8', '', '0x1', 0o1000, -1, 1.5, '77777'])('AP-20 cannot be %j', (umask) => {
    expect(() => begin({ umask })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_RUN_OPTION', option: 'umask' }),
    )
  })
})

describe('readiness', () => {
  it('comes after the ready delay', async () => {
    const result = begin({ readyDelay: '5s', onReady: note('told') })
    await world.advance('4.9s')
    expect([events, app.ready, app.running]).toEqual([['bind', 'start'], false, true])
    await world.advance('200ms')
    expect(events).toEqual(['bind', 'start', 'ready', 'told'])
    program.emit('SIGTERM')
    await world.run(result)
  })

  it('goes at a signal, and the stop comes after the drain delay', async () => {
    const result = begin({ drainDelay: '5s' })
    await world.advance('1s')
    events = []
    program.emit('SIGTERM')
    expect([events, app.running]).toEqual([['not ready'], true])
    await world.advance('4.9s')
    expect(events).toEqual(['not ready'])
    await world.advance('200ms')
    expect(events).toEqual(['not ready', 'stop'])
    expect(await world.run(result)).toBe(0)
  })

  it('is not waited for when a signal comes before it', async () => {
    const result = begin({ readyDelay: '1h', drainDelay: '1h' })
    await world.advance('1s')
    program.emit('SIGTERM')
    expect(await world.run(result)).toBe(0)
    expect(events).toEqual(['bind', 'start', 'stop'])
    expect(world.seconds()).toBeLessThan(5)
  })

  it('goes at once when something fails, which does not wait to be drained', async () => {
    const result = begin({ drainDelay: '1h' })
    await world.advance('1s')
    app.fail(new Error('broken'))
    expect(await world.run(result)).toBe(1)
    expect(world.seconds()).toBeLessThan(5)
  })

  it('ends a drain delay when something fails meanwhile', async () => {
    const result = begin({ drainDelay: '1h' })
    await world.advance('1s')
    program.emit('SIGTERM')
    await world.advance('1s')
    program.emit('uncaughtException', new Error('broken'))
    expect(await world.run(result)).toBe(1)
    expect(world.seconds()).toBeLessThan(5)
  })

  it('exits at once at a second signal during a drain delay', async () => {
    void begin({ drainDelay: '1h' })
    await world.advance('1s')
    program.emit('SIGTERM')
    await world.advance('1s')
    program.emit('SIGTERM')
    expect(program.exits).toEqual([143])
  })

  it('is left to the application when the run is over', async () => {
    const result = begin()
    await world.advance('1s')
    program.emit('SIGTERM')
    await world.run(result)
    await world.run(app.startService())
    expect(app.ready).toBe(true)
    await world.run(app.stopService())
  })
})

describe('companions', () => {
  const companion = () =>
    hooks('page', { privilegedStart: note('bind page'), start: note('start page'), stop: note('stop page') })

  it('are started before the application, and stopped after it', async () => {
    const result = begin({ companions: [companion()] })
    await world.advance('1s')
    program.emit('SIGTERM')
    await world.run(result)
    expect(events).toEqual([
      'bind page',
      'bind',
      'start page',
      'start',
      'ready',
      'not ready',
      'stop',
      'stop page',
    ])
  })

  it('count as the application when they fail', async () => {
    const page = companion()
    const result = begin({ companions: [page] })
    await world.advance('1s')
    page.fail(new Error('no port'))
    expect(await world.run(result)).toBe(1)
  })

  it('must be services', () => {
    expect(() => begin({ companions: [{} as IService] })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_RUN_OPTION', option: 'companions' }),
    )
  })
})

describe('the service manager', () => {
  async function listen(): Promise<string[]> {
    const heard: string[] = []
    program.env = { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '20000000', WATCHDOG_PID: '4711' }
    const protocol = {
      makeConnection: () => {},
      datagramReceived: (datagram: Uint8Array) => void heard.push(Buffer.from(datagram).toString()),
      doStart: () => {},
      doStop: () => {},
    }
    await world.run(world.listenUNIXDatagram('/run/notify', protocol as never))
    return heard
  }

  it('is told of the start, that it is ready, that it lives, and of the stop', async () => {
    const heard = await listen()
    const result = begin({ readyDelay: '1s', drainDelay: '1s' })
    await world.advance('500ms')
    expect(heard).toEqual(['STATUS=starting'])
    await world.advance('25s')
    program.emit('SIGTERM')
    await world.run(result)
    expect(heard).toEqual([
      'STATUS=starting',
      'READY=1\nSTATUS=running',
      'WATCHDOG=1',
      'WATCHDOG=1',
      'STOPPING=1\nSTATUS=draining',
    ])
    expect(program.env).toEqual({})
  })

  it('is told what failed', async () => {
    const heard = await listen()
    const result = begin({}, [
      hooks('b', {
        start: () => {
          throw new Error('no disk')
        },
      }),
    ])
    expect(await world.run(result)).toBe(1)
    await world.advance('1s')
    expect(heard).toEqual(['STATUS=starting', 'STATUS=failed: app/b: no disk', 'STOPPING=1\nSTATUS=stopping'])
  })

  it('does not hold the end when it is gone', async () => {
    program.env = { NOTIFY_SOCKET: '/run/nobody' }
    const result = begin()
    await world.advance('1s')
    program.emit('SIGTERM')
    expect(await world.run(result)).toBe(0)
    expect(log.messages('warn')).toEqual(['The service manager cannot be told'])
  })

  it('is left alone when nobody asked, and keeps its variables', async () => {
    const heard = await listen()
    const result = begin({ systemd: false })
    await world.advance('1s')
    program.emit('SIGTERM')
    await world.run(result)
    expect(heard).toEqual([])
    expect(program.env).toHaveProperty('NOTIFY_SOCKET')
  })
})

describe('the reactor', () => {
  it('AP-40 AP-44 runs from the end of the start to the end of the stop, with its events', async () => {
    world.callWhenRunning(note('running'))
    world.addSystemEventTrigger('before', 'shutdown', note('before shutdown'))
    world.addSystemEventTrigger('after', 'shutdown', note('after shutdown'))
    const result = begin()
    await world.advance('1s')
    expect(events).toEqual(['bind', 'start', 'running', 'ready'])
    program.emit('SIGTERM')
    await world.run(result)
    expect(events.slice(4)).toEqual(['not ready', 'stop', 'before shutdown', 'after shutdown'])
  })

  it('AP-10 stops the application before its shutdown when somebody stops it', async () => {
    world.addSystemEventTrigger('during', 'shutdown', note('shutdown'))
    const result = begin()
    await world.advance('1s')
    world.stop()
    expect(await world.run(result)).toBe(0)
    expect(events.slice(3)).toEqual(['not ready', 'stop', 'shutdown'])
  })

  it('is not waited for for ever', async () => {
    world.stop = () => {}
    const told: string[] = []
    const result = begin({ onError: (error, during) => told.push(`${during}: ${error.message}`) })
    await world.advance('1s')
    program.emit('SIGTERM')
    await world.advance('11s')
    expect(await world.run(result)).toBe(1)
    expect(told).toEqual([expect.stringMatching(/^stop: The reactor has not stopped/)])
  })

  it('AP-11 does not run when the start fails', async () => {
    world.callWhenRunning(note('running'))
    const result = begin({}, [
      hooks('b', {
        start: () => {
          throw new Error('no')
        },
      }),
    ])
    expect(await world.run(result)).toBe(1)
    expect(events).not.toContain('running')
  })
})

describe('who is told', () => {
  it('may throw when it is told that it is ready: the application is stopped', async () => {
    const result = begin({
      onReady: () => {
        throw new Error('not so fast')
      },
    })
    expect(await world.run(result)).toBe(1)
    expect(log.errors()).toEqual([expect.objectContaining({ message: 'not so fast' })])
    expect(events).toContain('stop')
  })

  it('may throw when it is told of an error: that is logged, and the stop goes on', async () => {
    const result = begin({
      onError: () => {
        throw new Error('no ears')
      },
    })
    await world.advance('1s')
    app.fail(new Error('broken'))
    expect(await world.run(result)).toBe(1)
    expect(log.errors()).toContainEqual(expect.objectContaining({ message: 'no ears' }))
    const told = log.events.find(({ message }) => message === 'Who is told of errors threw')
    expect(told!.fields['failure']).toMatchObject({ message: 'broken' })
  })

  it('may be a log that throws', async () => {
    const broken = (): never => {
      throw new Error('the log is closed')
    }
    const result = begin({ log: { debug: broken, info: broken, warn: broken, error: broken } })
    await world.advance('1s')
    app.fail(new Error('broken'))
    expect(await world.run(result)).toBe(1)
  })

  it('is told which services have not stopped in time, and what keeps the process alive', async () => {
    program.resources = ['TCPServerWrap', 'Timeout', 'Timeout']
    const told: string[] = []
    const result = begin({ onError: (error, during) => told.push(`${during}: ${error.message}`) }, [
      hooks('stuck', { stop: () => new Promise(() => {}) }),
    ])
    await world.advance('1s')
    program.emit('SIGTERM')
    expect(await world.run(result)).toBe(1)
    expect(told).toHaveLength(1)
    expect(told[0]).toBe(
      "stop: Stopping 'app' took longer than 8 s: 'app/stuck' had not stopped; the process is kept alive by 1 TCPServerWrap, 2 Timeout",
    )
    expect(events).toContain('stop')
  })
})
