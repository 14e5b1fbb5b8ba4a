import type { Description, IListeningPort, IStreamServerEndpoint } from '@sennit/interfaces'
import { internetAddress } from '@sennit/protocol'
import { RecordedPort } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { CombinedServerEndpoint } from '../src/combined-server-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

const at = (port: number) => new RecordedPort(internetAddress('TCP', '127.0.0.1', port))
const place = (port: IListeningPort | Error): IStreamServerEndpoint & { calls: unknown[][] } => {
  const calls: unknown[][] = []
  return {
    calls,
    listen: (...args) => {
      calls.push(args)
      return port instanceof Error ? Promise.reject(port) : Promise.resolve(port)
    },
  }
}

describe('CombinedServerEndpoint', () => {
  it('listens at each place, in order, with the same handler and options', async () => {
    const [one, two] = [at(1), at(2)]
    const places = [place(one), place(two)]
    const handler = new RecorderFactory()
    const options = { maxConnections: 3 }
    const port = await new CombinedServerEndpoint(places).listen(handler, options)
    expect(places.map(({ calls }) => calls)).toEqual([[[handler, options]], [[handler, options]]])
    expect(port.ports).toEqual([one, two])
    expect(port.getHost()).toBe(one.getHost())
    port.serve()
    expect([one.serving, two.serving]).toEqual([true, true])
    await port.stopListening()
    expect([one.stopped, two.stopped]).toEqual([true, true])
  })

  it('closes what it has opened when one place cannot be opened, and asks for none after that', async () => {
    const [one, two] = [at(1), at(2)]
    const closing = new Error('cannot close')
    two.stopListening = () => Promise.reject(closing)
    const error = new Error('in use')
    const last = place(at(4))
    const endpoint = new CombinedServerEndpoint([place(one), place(two), place(error), last])
    await expect(endpoint.listen(new RecorderFactory())).rejects.toBe(error)
    expect(one.stopped).toBe(true)
    expect(last.calls).toEqual([])
  })

  it('closes every port, and rejects with the errors of those that could not be closed', async () => {
    const [one, two, three] = [at(1), at(2), at(3)]
    const error = new Error('cannot close')
    one.stopListening = () => {
      throw error
    }
    two.stopListening = () => Promise.reject(error)
    const port = await new CombinedServerEndpoint([place(one), place(two), place(three)]).listen(
      new RecorderFactory(),
    )
    await expect(port.stopListening()).rejects.toMatchObject({
      name: 'AggregateError',
      errors: [error, error],
    })
    expect(three.stopped).toBe(true)
  })

  it('describes all ports, and what they count together', async () => {
    const description = (facts: Description['facts'], error?: string): Description => ({
      kind: 'TCPPort',
      name: undefined,
      state: 'serving',
      since: 7,
      error,
      facts,
      children: [],
    })
    const described = (port: number, ...args: Parameters<typeof description>) =>
      place(Object.assign(at(port), { describe: () => description(...args) }))
    const endpoint = new CombinedServerEndpoint([
      described(1, { address: 'a', connections: 2, accepted: 5 }),
      described(2, { address: 'b', connections: 3 }, 'no descriptors'),
      place(at(3)),
    ])
    const port = await endpoint.listen(new RecorderFactory())
    expect(port.describe()).toMatchObject({
      kind: 'CombinedPort',
      state: 'serving',
      since: 7,
      error: 'no descriptors',
      facts: { connections: 5, accepted: 5, address: 'tcp:127.0.0.1:1, tcp:127.0.0.1:2, tcp:127.0.0.1:3' },
    })
    expect(port.describe().children).toHaveLength(2)
  })

  it('refuses to be of no places', () => {
    expect(() => new CombinedServerEndpoint([])).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'endpoints' }),
    )
  })
})
