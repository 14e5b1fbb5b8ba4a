import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { IConnectionContext } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionContext } from '../src/connection-context.ts'
import { handler, type StreamFunction } from '../src/handler.ts'
import { FakeLog } from './fake-log.ts'

const address = () => new IPv4Address('TCP', '127.0.0.1', 1)
const context = new ConnectionContext({
  peer: address,
  host: address,
  clock: new Clock(),
  log: new FakeLog(),
})

describe('handler', () => {
  it('calls the function with the stream and the context, and settles as it does', async () => {
    const stream = new PassThrough()
    const seen: unknown[] = []
    const serving = handler(async (socket, given: IConnectionContext) => {
      seen.push(socket, given)
    })
    await serving.handleStream(stream, context)
    expect(seen[0]).toBe(stream)
    expect(seen[1]).toBe(context)
    const failing = handler(() => Promise.reject(new Error('no')))
    await expect(failing.handleStream(stream, context)).rejects.toThrow('no')
  })

  it.each([undefined, null, {}, 'echo'])('refuses %s', (value) => {
    expect(() => handler(value as unknown as StreamFunction)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_HANDLER' }),
    )
  })

  it('rejects when the function is not async, since returning would end the connection', async () => {
    const adding = handler((() => {}) as unknown as StreamFunction)
    await expect(adding.handleStream(new PassThrough(), context)).rejects.toMatchObject({
      code: 'ERR_SENNIT_HANDLER',
    })
  })
})
