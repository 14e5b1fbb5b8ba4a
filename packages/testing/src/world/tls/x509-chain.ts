/**
 * Whether a chain of certificates leads to an authority that is trusted, by the rules and with the codes of OpenSSL.
 *
 * @module
 */
import type { X509Certificate } from 'node:crypto'
import type { Seconds } from '@sennit/interfaces'

/** How many certificates a chain may have. */
const LONGEST = 20

/**
 * Follows a chain from its first certificate to an authority.
 *
 * @param chain - the certificate itself first, then what helps to find the authority, in any order
 * @param now - the time of day, in seconds since 1970
 * @returns the code of what is wrong, as Node reports it: of several faults, the last one that OpenSSL would find
 */
export function chainFault(
  chain: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  now: Seconds,
): string | undefined {
  const [first, ...others] = chain
  if (first === undefined) return 'UNABLE_TO_GET_ISSUER_CERT'
  const path = [first]
  const missing = follow(path, others, trusted)
  // A path without an end is looked at no further than its first certificate.
  const looked = missing === 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' ? [first] : path
  const faults = [missing, authorityFault(path), ...looked.toReversed().map((each) => timeFault(each, now))]
  return faults.findLast((fault) => fault !== undefined)
}

/** Adds issuer after issuer to a path. */
function follow(
  path: X509Certificate[],
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
): string | undefined {
  let isByTrust = false
  for (;;) {
    const last = path.at(-1)!
    if (isSelfIssued(last)) {
      if (has(trusted, last)) return undefined
      return path.length === 1 ? 'DEPTH_ZERO_SELF_SIGNED_CERT' : 'SELF_SIGNED_CERT_IN_CHAIN'
    }
    const authority = issuerOf(last, trusted)
    const issuer = authority ?? (isByTrust ? undefined : issuerOf(last, others))
    if (issuer === undefined || path.length === LONGEST) {
      if (isByTrust) return 'UNABLE_TO_GET_ISSUER_CERT'
      return path.length === 1 ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' : 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY'
    }
    isByTrust = authority !== undefined
    path.push(issuer)
  }
}

function issuerOf(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): X509Certificate | undefined {
  return candidates.find((each) => certificate.checkIssued(each) && certificate.verify(each.publicKey))
}

function isSelfIssued(certificate: X509Certificate): boolean {
  return certificate.checkIssued(certificate) && certificate.verify(certificate.publicKey)
}

function has(certificates: readonly X509Certificate[], wanted: X509Certificate): boolean {
  return certificates.some((each) => each.fingerprint256 === wanted.fingerprint256)
}

/** Only authorities may issue certificates. */
function authorityFault(path: readonly X509Certificate[]): string | undefined {
  return path.slice(1).every((each) => each.ca) ? undefined : 'INVALID_CA'
}

function timeFault({ validFrom, validTo }: X509Certificate, now: Seconds): string | undefined {
  if (now < Date.parse(validFrom) / 1000) return 'CERT_NOT_YET_VALID'
  return now > Date.parse(validTo) / 1000 ? 'CERT_HAS_EXPIRED' : undefined
}
