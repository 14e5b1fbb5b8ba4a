import type { Description } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Application, MultiService, Service } from '../src/index.ts'
import { Bare, Probe, recorder } from './kit.ts'

class Web extends Service {
  protected override facts(): { port: number; address: null } {
    return { port: 8080, address: null }
  }
}

describe('The description of a service', () => {
  it('tells kind, name, state, time, error, facts and children, in order', () => {
    const reactor = Object.assign(new Clock(), { now: () => 12.5 })
    const app = new Application('api', { reactor, log: recorder() }, [
      new Web({ name: 'web' }),
      new MultiService({}, []),
    ])
    void app.startService()
    app.getServiceNamed('web')
    const web = app.getServiceNamed('web') as Web
    web.fail(new Error('gone'))
    expect(app.describe()).toEqual({
      kind: 'Application',
      name: 'api',
      state: 'failed',
      since: 12.5,
      error: 'gone',
      facts: { services: 2 },
      children: [
        {
          kind: 'Web',
          name: 'web',
          state: 'failed',
          since: 12.5,
          error: 'gone',
          facts: { port: 8080, address: null },
          children: [],
        },
        {
          kind: 'MultiService',
          name: undefined,
          state: 'running',
          since: 12.5,
          error: undefined,
          facts: { services: 0 },
          children: [],
        },
      ],
    })
  })

  it('tells a new service, as JSON', () => {
    expect(JSON.parse(JSON.stringify(new Service().describe()))).toEqual({
      kind: 'Service',
      state: 'idle',
      facts: {},
      children: [],
    })
  })

  it('tells of services of another kind what the collection knows, or what they say', () => {
    const said: Description = {
      kind: 'Other',
      name: 'other',
      state: 'dreaming',
      since: 1,
      error: undefined,
      facts: { depth: 3 },
      children: [],
    }
    const other = Object.assign(new Bare('other', []), { describe: () => said })
    const app = new MultiService({}, [new Bare('bare', []), other])
    void app.startService()
    expect(app.describe().children).toMatchObject([
      { kind: 'Bare', name: 'bare', state: 'running', facts: {} },
      said,
    ])
  })

  it('lets a service say more of itself', () => {
    class Wordy extends Service {
      override describe(): Description {
        return { ...super.describe(), facts: { wordy: true } }
      }
    }
    expect(new MultiService({}, [new Wordy()]).describe().children[0]!.facts).toEqual({ wordy: true })
  })

  it('goes on when the facts of one cannot be had', () => {
    class Broken extends Service {
      protected override facts(): never {
        throw new Error('no facts')
      }
    }
    const app = new MultiService({}, [new Broken(), new Web()])
    expect(app.describe().children).toMatchObject([
      { error: 'no facts', facts: {} },
      { facts: { port: 8080 } },
    ])
  })

  it('goes on when one cannot describe itself', () => {
    class Mute extends Service {
      override describe(): never {
        throw new Error('no words')
      }
    }
    const bare = Object.assign(new Bare('bare', []), {
      describe: () => {
        throw new Error('none either')
      },
    })
    const app = new MultiService({}, [new Mute({ name: 'mute' }), bare, new Web()])
    expect(app.describe().children).toMatchObject([
      { kind: 'Mute', name: 'mute', state: 'idle', error: 'no words', facts: {} },
      { kind: 'Bare', name: 'bare', error: 'none either' },
      { facts: { port: 8080 } },
    ])
  })

  it('is a snapshot', () => {
    const app = new MultiService({}, [new Probe('a', [])])
    const before = app.describe()
    void app.startService()
    void app.addService(new Probe('b', []))
    expect(before).toMatchObject({ state: 'idle', children: [{ state: 'idle' }] })
  })
})
