import { channels, type ServiceStateMessage } from '@sennit/runtime'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Application } from '../src/index.ts'
import { Bare, Probe, recorder } from './kit.ts'

const { serviceState } = channels

let told: ServiceStateMessage[]
const onState = (message: ServiceStateMessage): void => void told.push(message)
const words = (): string[] => told.map(({ path, previous, state }) => `${path}: ${previous} ${state}`)

beforeEach(() => {
  told = []
})
afterEach(() => {
  serviceState.unsubscribe(onState)
})

describe('the news of services', () => {
  it('tell each state of each service, with the one before, in order', async () => {
    const db = new Probe('db', [])
    const app = new Application('app', { log: recorder() }, [db, new Bare('bare', [])])
    serviceState.subscribe(onState)
    await app.startService()
    await app.stopService()
    expect(words()).toEqual([
      'app: idle starting',
      'app/db: idle starting',
      'app/db: starting running',
      'app/bare: idle starting',
      'app/bare: starting running',
      'app: starting running',
      'app: running stopping',
      'app/bare: running stopping',
      'app/bare: stopping stopped',
      'app/db: running stopping',
      'app/db: stopping stopped',
      'app: stopping stopped',
    ])
    expect(told[1]!.service).toBe(db)
    expect(told.every(({ error }) => error === undefined)).toBe(true)
  })

  it('tell why a service has failed', async () => {
    const db = new Probe('db', [])
    await db.startService()
    serviceState.subscribe(onState)
    const error = new Error('gone')
    db.fail(error)
    expect(told).toEqual([{ service: db, path: 'db', previous: 'running', state: 'failed', error }])
  })

  it('are told to nobody who does not listen, and to one who begins in the middle', async () => {
    const app = new Application('app', { log: recorder() }, [new Probe('db', [])])
    await app.startService()
    serviceState.subscribe(onState)
    await app.stopService()
    expect(words()[0]).toBe('app: running stopping')
  })
})
