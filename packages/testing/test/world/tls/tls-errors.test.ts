import { describe, expect, it } from 'vitest'
import { alertError, sslError } from '../../../src/world/tls/tls-errors.ts'

describe('errors of TLS', () => {
  it("have Node's code and reason", () => {
    expect(sslError('NO_SHARED_CIPHER')).toMatchObject({
      code: 'ERR_SSL_NO_SHARED_CIPHER',
      library: 'SSL routines',
      reason: 'no shared cipher',
    })
  })

  it('are told to the other side by alerts', () => {
    expect(alertError(116)).toMatchObject({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' })
    expect(alertError(10)).toMatchObject({ code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' })
  })
})
