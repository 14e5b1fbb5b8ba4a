import { describe, expect, it } from 'vitest'
import { readClientCredentials } from '../src/client-credentials.ts'
import { TLSClientFiles } from '../src/tls-client-files.ts'
import { EndpointReactor, PEMS } from './doubles.ts'

describe('readClientCredentials', () => {
  const files = new TLSClientFiles({ certificate: 'both.pem' })

  it('takes what is in no file as it is, and asks for no reactor', async () => {
    const tls = { servername: 'feed.example' }
    expect(await readClientCredentials(tls, undefined, {})).toBe(tls)
  })

  it('reads what is in files by the reactor', async () => {
    const both = PEMS.key + PEMS.cert
    const reactor = new EndpointReactor({ 'both.pem': both })
    expect(await readClientCredentials(files, reactor, {})).toEqual({ cert: both, key: both })
  })

  it('reads nothing for an attempt that was given up', async () => {
    const reactor = new EndpointReactor()
    expect(await readClientCredentials(files, reactor, { signal: AbortSignal.abort() })).toEqual({})
    expect(reactor.files.reads).toEqual([])
  })
})
