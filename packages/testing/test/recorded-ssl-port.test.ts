import { expect, it } from 'vitest'
import { HostnameAddress } from '@sennit/protocol'
import { RecordedSSLPort } from '../src/index.ts'

it('TE-07 RecordedSSLPort keeps the credentials that it was given', () => {
  const port = new RecordedSSLPort(new HostnameAddress('a', 1), { key: 'one' })
  port.setTLSOptions({ key: 'other' })
  expect(port.tlsOptions).toEqual([{ key: 'one' }, { key: 'other' }])
})
