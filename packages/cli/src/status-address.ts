/**
 * Where the status page of a process is, as people write it.
 *
 * @module
 */
import { UsageError } from './errors.ts'

/** Where to ask, in the form of Node's `http.request`. */
export interface StatusAddress {
  /** As it is shown. */
  readonly text: string
  readonly secure: boolean
  readonly host?: string
  readonly port?: number
  readonly socketPath?: string
  /** A user and a password. */
  readonly auth?: string
  /** What is asked for. */
  readonly path: string
}

const DOCUMENT = 'tree.json'

const WANTED = "expected 'http://HOST:PORT/', 'tcp:PORT', 'tcp:HOST:PORT', 'HOST:PORT' or 'unix:/PATH'"

/**
 * Reads an address.
 *
 * @throws UsageError (`ERR_SENNIT_USAGE`)
 */
export function parseStatusAddress(text: string): StatusAddress {
  if (text.startsWith('unix:')) {
    const socketPath = text.slice('unix:'.length).replace(/^address=/, '')
    if (socketPath === '') throw new UsageError(`'${text}' has no path; ${WANTED}`)
    return { text, secure: false, socketPath, path: `/${DOCUMENT}` }
  }
  const url = urlOf(text)
  if (url === undefined) throw new UsageError(`'${text}' is no address of a status page; ${WANTED}`)
  const secure = url.protocol === 'https:'
  const folder = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`
  return {
    text: `${url.origin}${url.pathname}`,
    secure,
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    path: `${folder}${DOCUMENT}`,
    ...(url.username !== '' && {
      auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`,
    }),
  }
}

function urlOf(text: string): URL | undefined {
  if (/^https?:\/\//i.test(text)) return parsed(text)
  const { host = '127.0.0.1', port } =
    /^(?:tcp:)?(?:(?<host>[\w.-]+|\[[\da-f:.]+\]):)?(?<port>\d{1,5})$/i.exec(text)?.groups ?? {}
  return port === undefined ? undefined : parsed(`http://${host}:${port}/`)
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined
}
