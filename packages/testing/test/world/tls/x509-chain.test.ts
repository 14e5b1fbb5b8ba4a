import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authority } from '../../../src/index.ts'
import { chainFault } from '../../../src/world/tls/x509-chain.ts'

const NOW = Date.UTC(2026, 0) / 1000
const [known, stranger] = [authority('known'), authority('stranger')]
const x509 = ({ cert }: { readonly cert: string }) => new X509Certificate(cert)
const leaf = x509(known.issue('a.example'))
const expired = x509(known.issue('a.example', { until: 2001 }))
const [root, other] = [x509(known), x509(stranger)]

/** An authority, one that it has signed, and a certificate of that; all good from the end of 2026 to 2036. */
const [ca, between, signed] = [
  `-----BEGIN CERTIFICATE-----
MIIBbjCCARWgAwIBAgIUWOTDbfZkta4VuHagr/lyjn8XEWgwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwHhcNMjYxMTI1MjMwMjEyWhcNMzYxMTIyMjMwMjEyWjAN
MQswCQYDVQQDDAJjYTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABEulOdGe6/RP
BXQEInN4UkXhM+1BLHK0TxqgdrKZoPvXTRbylZOpZn12va5TEP8J2FTCN7cyWmQB
3PA/VwIKTzajUzBRMB0GA1UdDgQWBBQxyPK6Tfmzptyo610AhpIW47TF/TAfBgNV
HSMEGDAWgBQxyPK6Tfmzptyo610AhpIW47TF/TAPBgNVHRMBAf8EBTADAQH/MAoG
CCqGSM49BAMCA0cAMEQCICHoNCVhdcDvua74d5tNDapLI/CqXBtMg5GoYc7Rtlx1
AiBcq7ShbscblCnZBkP/WQizyPyHnLRaplLKh8vCsp1+8g==
-----END CERTIFICATE-----`,
  `-----BEGIN CERTIFICATE-----
MIIBgTCCASegAwIBAgIUEFoB5hKfDzU5scT0VXSnRkZEzxowCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCY2EwHhcNMjYxMTI1MjMwMjEyWhcNMzYxMTIyMjMwMjEyWjAQ
MQ4wDAYDVQQDDAVpbnRlcjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKfj4WP0
O4L3YoM4E5cPQd6Xxaz6YtxVOrTrqJCHKEKdlgMHzWxPDIPfz5JO59Sn73mCvKhv
iBb6j/79ReIP/v2jYjBgMBAGA1UdEQQJMAeCBWludGVyMAwGA1UdEwQFMAMBAf8w
HQYDVR0OBBYEFPI64z8TdiOm6r1D1S48OhH9FILRMB8GA1UdIwQYMBaAFDHI8rpN
+bOm3KjrXQCGkhbjtMX9MAoGCCqGSM49BAMCA0gAMEUCIHj2u0PsU/YQvJ75tPBE
MhhHjn9T2oc+TwKZcLtCXaLnAiEArQWhdwR1qD8duvpd/QxdVRtWWmpwZg/nXXWS
7x7FNI8=
-----END CERTIFICATE-----`,
  `-----BEGIN CERTIFICATE-----
MIIBhDCCASqgAwIBAgIUCTc171DVJ67lzaKXg9zf0mzIDeQwCgYIKoZIzj0EAwIw
EDEOMAwGA1UEAwwFaW50ZXIwHhcNMjYxMTI1MjMwMjEyWhcNMzYxMTIyMjMwMjEy
WjAPMQ0wCwYDVQQDDARsZWFmMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAER40s
jFh1xPrJenTfh4rKkrawn5lAYCiiK7u2bA5w0jRCDaSolTEV06rGBJ8VLrStYrt/
nvx0S1uLXPUF9/oCU6NjMGEwFAYDVR0RBA0wC4IJbG9jYWxob3N0MAkGA1UdEwQC
MAAwHQYDVR0OBBYEFPbuNhSgiMPo/uYx1/nuh3bZzvVNMB8GA1UdIwQYMBaAFPI6
4z8TdiOm6r1D1S48OhH9FILRMAoGCCqGSM49BAMCA0gAMEUCIQCqPsWmuz8kgWVQ
xChWBcNfKpuGTxBD9cTx6q09T5l7MQIgJ8EyENe12lgfFnmmO5L74Br6n2AH4I0N
dVQzpKSdTE4=
-----END CERTIFICATE-----`,
].map((cert) => new X509Certificate(cert))

describe('chainFault', () => {
  it.each([
    ['with what is between', [signed!, between!], [ca!], undefined],
    ['in any order', [signed!, ca!, between!], [ca!], undefined],
    ['that lacks what is between', [signed!], [ca!], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['whose authority is not known', [signed!, between!], [root], 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'],
    [
      'that brings an authority that is not trusted',
      [signed!, between!, ca!],
      [root],
      'SELF_SIGNED_CERT_IN_CHAIN',
    ],
    ['of which only what is between is trusted', [signed!], [between!], 'UNABLE_TO_GET_ISSUER_CERT'],
  ])('judges a longer chain %s', (_what, chain, trusted, expected) => {
    expect(chainFault(chain, trusted, Date.UTC(2030, 0) / 1000)).toBe(expected)
  })

  it.each([
    ['a chain that leads to what is trusted', [leaf], [root], undefined],
    ['a chain that brings its authority along', [leaf, root], [other, root], undefined],
    ['an authority itself', [root], [root], undefined],
    ['a certificate whose authority is not known', [leaf], [other], 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['one that signs itself', [root], [other], 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['a chain that ends in what is not trusted', [leaf, root], [other], 'SELF_SIGNED_CERT_IN_CHAIN'],
    ['a certificate that has run out', [expired], [root], 'CERT_HAS_EXPIRED'],
    ['one that has run out and is not trusted', [expired], [], 'CERT_HAS_EXPIRED'],
    ['no certificate', [], [root], 'UNABLE_TO_GET_ISSUER_CERT'],
  ])('judges %s', (_what, chain, trusted, expected) => {
    expect(chainFault(chain, trusted, NOW)).toBe(expected)
  })

  it('knows a certificate that is not valid yet', () => {
    expect(chainFault([leaf], [root], Date.UTC(1999, 0) / 1000)).toBe('CERT_NOT_YET_VALID')
  })
})
