/**
 * The authorities that a client trusts, from a folder or a file.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_loadCAsFromDir`.
 * Differs: a folder without any certificate is an error; one file will do as well.
 *
 * @module
 */
import type { ILog, IReactorFiles } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { EndpointFileError } from './errors.ts'
import { CERTIFICATE, fileIn, readPEM, readPEMNames } from './pem-files.ts'

const BLOCK = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

/**
 * The certificates in the files of a folder that end in `.pem`. Files that cannot be read, and what is no certificate, are
 * skipped and logged; a certificate that is there twice is taken once.
 *
 * @param option - which option names the folder
 * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, when the folder cannot be read, or has no certificate
 */
export async function readTrustFolder(
  files: IReactorFiles,
  option: string,
  folder: string,
  log: ILog,
): Promise<string[]> {
  const found = new Map<string, string>()
  for (const name of await readPEMNames(files, option, folder)) {
    const path = fileIn(folder, name)
    try {
      await collect(found, await readPEM(files, option, path, CERTIFICATE))
    } catch (error) {
      log.warn({ err: asError(error), path }, 'A file of trusted certificates is skipped')
    }
  }
  if (found.size > 0) return [...found.values()]
  throw new EndpointFileError(option, 'a folder with a certificate in a .pem file', folder, 'one without')
}

/**
 * The certificates in the files of a folder, or in a file.
 *
 * @param option - which option names the place
 * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection
 */
export async function readTrustRoots(
  files: IReactorFiles,
  option: string,
  path: string,
  log: ILog,
): Promise<string[]> {
  try {
    return await readTrustFolder(files, option, path, log)
  } catch (error) {
    const cause = (error as Error).cause as { readonly code?: unknown } | undefined
    if (cause?.code !== 'ENOTDIR') throw error
  }
  const found = new Map<string, string>()
  const text = await readPEM(files, option, path, CERTIFICATE)
  try {
    await collect(found, text)
  } catch (cause) {
    throw new EndpointFileError(option, CERTIFICATE.wanted, path, 'one that is damaged', { cause })
  }
  return [...found.values()]
}

/** Adds the certificates of a text, by what they are. */
async function collect(found: Map<string, string>, text: string): Promise<void> {
  const { X509Certificate } = await import('node:crypto')
  const certificates = (text.match(BLOCK) ?? []).map((pem) => [new X509Certificate(pem), pem] as const)
  if (certificates.length === 0) throw new Error('There is no certificate that is complete')
  for (const [{ fingerprint256 }, pem] of certificates) found.set(fingerprint256, pem)
}
