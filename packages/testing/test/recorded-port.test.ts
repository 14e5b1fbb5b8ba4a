import { describe, expect, it } from 'vitest'
import { HostnameAddress } from '@sennit/protocol'
import { RecordedPort } from '../src/index.ts'

describe('RecordedPort', () => {
  it('TE-07 says where it listens, and records what it is told', async () => {
    const host = new HostnameAddress('a', 1)
    const port = new RecordedPort(host)
    expect(port.getHost()).toBe(host)
    expect(port).toMatchObject({ serving: false, stopped: false })
    port.serve()
    await port.stopListening()
    expect(port).toMatchObject({ serving: true, stopped: true })
  })
})
