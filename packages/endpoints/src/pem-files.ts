/**
 * Reading keys, certificates and their like, as PEM, by the role of files.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseSSL`, `_loadCAsFromDir`.
 * Differs: files are read when an endpoint is used; an error names the file and the option.
 *
 * @module
 */
import type { IReactorFiles } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { EndpointFileError } from './errors.ts'

/** What a file must hold: a label of PEM, and how an error calls it. */
export interface PEMContent {
  readonly label: RegExp
  readonly wanted: string
}

/** A private key of any kind, also one that a passphrase closes. */
export const PRIVATE_KEY: PEMContent = {
  label: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----/,
  wanted: 'a file with a private key in PEM form',
}

/** At least one certificate. */
export const CERTIFICATE: PEMContent = {
  label: /-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/,
  wanted: 'a file with a certificate in PEM form',
}

/** Parameters of Diffie and Hellman. */
export const DH_PARAMETERS: PEMContent = {
  label: /-----BEGIN (?:X9\.42 )?DH PARAMETERS-----/,
  wanted: 'a file with DH parameters in PEM form',
}

/**
 * The text of a file.
 *
 * @param option - which option names it
 * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, when it cannot be read, or holds something else
 */
export async function readPEM(
  files: IReactorFiles,
  option: string,
  path: string,
  { label, wanted }: PEMContent,
): Promise<string> {
  let text: string
  try {
    text = new TextDecoder().decode(await files.readFile(path))
  } catch (cause) {
    throw new EndpointFileError(option, wanted, path, asError(cause).message, { cause })
  }
  if (!label.test(text)) throw new EndpointFileError(option, wanted, path, 'something else')
  return text
}

/**
 * The names of the files in a folder that end in `.pem`, sorted.
 *
 * @throws EndpointFileError (`ERR_SENNIT_ENDPOINT_FILE`), as a rejection, when it cannot be read
 */
export async function readPEMNames(files: IReactorFiles, option: string, folder: string): Promise<string[]> {
  try {
    const names = await files.readDirectory(folder)
    return names.filter((name) => /\.pem$/i.test(name))
  } catch (cause) {
    throw new EndpointFileError(option, 'a folder of PEM files', folder, asError(cause).message, { cause })
  }
}

/** A file in a folder. */
export function fileIn(folder: string, name: string): string {
  return folder.endsWith('/') ? `${folder}${name}` : `${folder}/${name}`
}

/** PEM texts as one; the line that ends one may be missing its end. */
export function joinPEM(...texts: readonly string[]): string {
  return texts.map((text) => (text.endsWith('\n') ? text : `${text}\n`)).join('')
}
