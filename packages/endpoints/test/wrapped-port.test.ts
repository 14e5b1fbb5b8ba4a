import type { Description, Fact, IInspectable } from '@sennit/interfaces'
import { internetAddress } from '@sennit/protocol'
import { RecordedPort } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { WrappedPort } from '../src/wrapped-port.ts'

class Counting extends WrappedPort {
  protected facts(): Readonly<Record<string, Fact>> {
    return { count: 7 }
  }
}

const host = internetAddress('TCP', '127.0.0.1', 80)

describe('WrappedPort', () => {
  it('passes everything on to the port inside', async () => {
    const inner = new RecordedPort(host)
    const port = new Counting(inner)
    expect(port.getHost()).toBe(host)
    port.serve()
    expect(inner.serving).toBe(true)
    await port.stopListening()
    expect(inner.stopped).toBe(true)
  })

  it('adds its facts to those of the port inside', () => {
    const description: Description = {
      kind: 'TCPPort',
      name: undefined,
      state: 'held',
      since: 1,
      error: undefined,
      facts: { address: 'tcp:127.0.0.1:80', connections: 3 },
      children: [],
    }
    const inner: RecordedPort & IInspectable = Object.assign(new RecordedPort(host), {
      describe: () => description,
    })
    expect(new Counting(inner).describe()).toEqual({
      ...description,
      facts: { address: 'tcp:127.0.0.1:80', connections: 3, count: 7 },
    })
  })

  it('knows where a port listens that says nothing of itself', () => {
    expect(new Counting(new RecordedPort(host)).describe()).toMatchObject({
      kind: 'RecordedPort',
      facts: { address: 'tcp:127.0.0.1:80', count: 7 },
    })
  })
})
