import { Clock } from '@sennit/runtime'
import { Application, hooks } from '@sennit/service'
import { beforeEach, describe, expect, it } from 'vitest'
import { Services } from '../src/services.ts'

let clock: Clock
let events: string[]

beforeEach(() => {
  clock = new Clock()
  events = []
})

function service(name: string, { fail = '', hang = '' } = {}) {
  const step = (what: string) => () => {
    events.push(`${what} ${name}`)
    if (fail === what) throw new Error(`${name} is broken`)
    return hang === what ? new Promise<void>(() => {}) : undefined
  }
  const hooked = hooks(name, { privilegedStart: step('bind'), start: step('start'), stop: step('stop') })
  return new Application(`app ${name}`, { clock }, [hooked])
}

describe('Services', () => {
  it('starts companions first, pass by pass, and stops them last', async () => {
    const services = new Services(service('main'), [service('one'), service('two')], clock)
    await services.privilegedStart(1)
    await services.start(1)
    expect(events).toEqual(['bind one', 'bind two', 'bind main', 'start one', 'start two', 'start main'])
    events = []
    await services.stop(1)
    expect(events).toEqual(['stop main', 'stop two', 'stop one'])
  })

  it('stops all, and tells of each that did not stop well', async () => {
    const [main, one, two] = [
      service('main', { fail: 'stop' }),
      service('one', { fail: 'stop' }),
      service('two'),
    ] as const
    const services = new Services(main, [one, two], clock)
    await services.start(1)
    const stopping = services.stop(1)
    await expect(stopping).rejects.toThrow(AggregateError)
    await expect(stopping).rejects.toThrow(/main is broken.*one is broken/s)
    expect(events.slice(-3)).toEqual(['stop main', 'stop two', 'stop one'])
  })

  it('leaves companions a second to stop, however late the application was', async () => {
    const services = new Services(
      service('main', { hang: 'stop' }),
      [service('one', { hang: 'stop' })],
      clock,
    )
    await services.start(1)
    const stopping = services.stop(2)
    const failed = expect(stopping).rejects.toThrow(/main.*one/s)
    for (const step of [2, 0.2, 0.5, 0.5, 0.2]) {
      await new Promise((resolve) => setImmediate(resolve))
      clock.advance(step)
    }
    await failed
    expect(clock.getDelayedCalls()).toEqual([])
  })
})
