import { X509Certificate } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { authority } from '../../src/index.ts'
import { chainFault } from '../../src/world/x509-chain.ts'

const NOW = Date.UTC(2026, 0) / 1000
const [known, stranger] = [authority('known'), authority('stranger')]
const x509 = ({ cert }: { readonly cert: string }) => new X509Certificate(cert)
const leaf = x509(known.issue('a.example'))
const expired = x509(known.issue('a.example', { until: 2001 }))
const [root, other] = [x509(known), x509(stranger)]

describe('chainFault', () => {
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
