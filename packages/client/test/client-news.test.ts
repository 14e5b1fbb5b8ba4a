import { channels, type ClientAttemptMessage, type ClientStateMessage } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ClientService } from '../src/client-service.ts'
import { FakeEndpoint, settle, TestFactory, testContext } from './fakes.ts'

const { clientAttempt, clientState } = channels

let attempts: ClientAttemptMessage[]
let states: ClientStateMessage[]
const onAttempt = (message: ClientAttemptMessage): void => void attempts.push(message)
const onState = (message: ClientStateMessage): void => void states.push(message)

beforeEach(() => {
  attempts = []
  states = []
})
afterEach(() => {
  clientAttempt.unsubscribe(onAttempt)
  clientState.unsubscribe(onState)
})

function make() {
  const context = testContext()
  const endpoint = new FakeEndpoint()
  const { clock, log, random } = context
  const options = { clock, log, random, retryPolicy: () => 10, name: 'feed' }
  const client = new ClientService(endpoint, new TestFactory(), options)
  const app = new MultiService({ name: 'app', log }, [client])
  return { ...context, endpoint, client, app }
}

describe('the news of a client', () => {
  it('tell each attempt, with its outcome and how long it took', async () => {
    clientAttempt.subscribe(onAttempt)
    const { app, client, clock, endpoint } = make()
    await app.startService()
    clock.advance(2)
    const error = new Error('refused')
    await endpoint.last.fail(error)
    expect(attempts).toEqual([
      {
        service: client,
        path: 'app/feed',
        endpoint: expect.any(String) as string,
        outcome: 'failed',
        failures: 1,
        took: 2,
        error,
      },
    ])
    clock.advance(10)
    clock.advance(3)
    await endpoint.last.succeed()
    expect(attempts).toHaveLength(2)
    expect(attempts[1]).toMatchObject({ outcome: 'connected', took: 3, error: undefined })
  })

  it('tell of an attempt that a stop has cancelled', async () => {
    clientAttempt.subscribe(onAttempt)
    const { client, clock } = make()
    await client.startService()
    clock.advance(1)
    void client.stopService()
    await settle()
    expect(attempts).toEqual([expect.objectContaining({ outcome: 'cancelled', took: 1 })])
  })

  it('do not know how long it took when nobody listened as it began', async () => {
    const { client, endpoint } = make()
    await client.startService()
    clientAttempt.subscribe(onAttempt)
    await endpoint.last.succeed()
    expect(attempts).toEqual([expect.objectContaining({ outcome: 'connected', took: undefined })])
  })

  it('tell each state in order', async () => {
    clientState.subscribe(onState)
    const { client, clock, endpoint } = make()
    await client.startService()
    const error = new Error('refused')
    await endpoint.last.fail(error)
    clock.advance(10)
    await endpoint.last.succeed()
    void client.stopService()
    endpoint.last.lose()
    await settle()
    expect(states.map(({ state }) => state)).toEqual([
      'connecting',
      'waiting',
      'connecting',
      'connected',
      'disconnecting',
      'stopped',
    ])
    expect(states[1]).toMatchObject({
      service: client,
      path: 'app/feed',
      cause: error,
      retryIn: 10,
      failures: 1,
    })
    expect(states[3]).toMatchObject({ cause: undefined, retryIn: undefined })
  })

  it('are told to nobody who does not listen', async () => {
    const { client, endpoint } = make()
    await client.startService()
    await endpoint.last.succeed()
    expect([attempts, states]).toEqual([[], []])
  })
})
