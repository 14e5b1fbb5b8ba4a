import { internetAddress } from '@sennit/protocol'
import { RecordedPort } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { openReloading } from '../src/reloading-port.ts'
import { TLSServerFiles } from '../src/tls-server-files.ts'
import { EndpointReactor, PEMS } from './doubles.ts'

const contents = { 'both.pem': PEMS.key + PEMS.cert }
const source = new TLSServerFiles({ privateKey: 'both.pem' })
const inner = () => new RecordedPort(internetAddress('TCP', '127.0.0.1', 443))

describe('openReloading', () => {
  it('opens the port with what it has read, and yields it as it is when nothing is read again', async () => {
    const reactor = new EndpointReactor(contents)
    const port = inner()
    const opened = await openReloading({ source, reload: false, reactor }, {}, async (tls) => {
      expect(tls.key).toBe(contents['both.pem'])
      return { port, use: () => expect.unreachable() }
    })
    expect(opened).toBe(port)
    expect(reactor.files.watched).toEqual([])
  })

  it('looks at the files as often as it is told', async () => {
    const reactor = new EndpointReactor(contents)
    const intervals: unknown[] = []
    reactor.watchFile = (_path: string, _changed: () => void, options?: object) => {
      intervals.push(options)
      return () => {}
    }
    const open = async () => ({ port: inner(), use: () => {} })
    await openReloading({ source, reload: true, reactor }, {}, open)
    await openReloading({ source, reload: 60, reactor }, {}, open)
    expect(intervals).toEqual([{ interval: undefined }, { interval: 60 }])
  })

  it('opens nothing when it is given up while it reads, whether it would read again or not', async () => {
    for (const reload of [true, false]) {
      const reactor = new EndpointReactor(contents)
      const reason = new Error('enough')
      const opening = openReloading({ source, reload, reactor }, { signal: AbortSignal.abort(reason) }, () =>
        expect.unreachable(),
      )
      await expect(opening).rejects.toBe(reason)
      expect(reactor.files.watched).toEqual([])
    }
  })
})
