/**
 * What is asked of the status page: guards first, then the route.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { EventStreams } from './event-streams.ts'
import { isHostAllowed } from './host-allowed.ts'
import { pageFiles } from './page-files.ts'
import { PrometheusText } from './prometheus-text.ts'

/** What can be told. */
export interface StatusSource {
  /** The document, as JSON. */
  json(): string
  /** The metrics, as Prometheus' text. */
  metrics(): string
  /** Why the process is not well; `undefined` when it is. */
  illness(): string | undefined
  /** Why no work may be sent; `undefined` when it may. */
  unreadiness(): string | undefined
}

/** What requests are answered from. */
export interface RequestsOptions {
  readonly source: StatusSource
  readonly streams: EventStreams
  /** Names that are answered to, in lower case; see `isHostAllowed`. */
  readonly allowedHosts: ReadonlySet<string>
}

const TEXT = 'text/plain; charset=utf-8'

const HEADERS: readonly (readonly [string, string])[] = [
  ['Cache-Control', 'no-store'],
  [
    'Content-Security-Policy',
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  ],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Content-Type-Options', 'nosniff'],
]

/** Makes the listener of a server's requests. */
export function answerRequests(
  options: RequestsOptions,
): (request: IncomingMessage, response: ServerResponse) => void {
  const { source, streams, allowedHosts } = options
  const routes = new Map<string, (response: ServerResponse) => void>([
    ['/tree.json', (response) => send(response, 200, 'application/json; charset=utf-8', source.json())],
    ['/metrics', (response) => send(response, 200, PrometheusText.contentType, source.metrics())],
    ['/healthz', (response) => sendWord(response, source.illness())],
    ['/readyz', (response) => sendWord(response, source.unreadiness())],
    [
      '/events',
      (response) => {
        if (response.req.method === 'HEAD') send(response, 200, 'text/event-stream; charset=utf-8', '')
        else if (!streams.add(response)) refuse(response, 503, 'too many watch already')
      },
    ],
  ])
  for (const [path, { type, body }] of pageFiles()) {
    routes.set(path, (response) => send(response, 200, type, body))
  }

  const answering = new WeakSet<Socket>()

  return (request, response) => {
    for (const [name, value] of HEADERS) response.setHeader(name, value)
    // A thousand questions at once would have a thousand answers that wait in memory.
    if (answering.has(request.socket)) return refuse(response, 400, 'one after another')
    answering.add(request.socket)
    response.once('close', () => answering.delete(request.socket))
    if (!isHostAllowed(hostOf(request), allowedHosts)) {
      return refuse(response, 403, 'the host of this request is not one of mine')
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, 'this can only be read')
    }
    if (comesFromElsewhere(request)) return refuse(response, 403, 'this is not for other sites')
    const route = routes.get(pathOf(request.url))
    if (route === undefined) return refuse(response, 404, 'there is no such page')
    try {
      route(response)
    } catch {
      // What the tree says of itself is checked: this is a last resort, and tells nothing of the inside.
      refuse(response, 500, 'this could not be told')
    }
  }
}

/** The host, unless there are several: who is between may have gone by another one. */
function hostOf({ headersDistinct: { host } }: IncomingMessage): string | undefined {
  return host?.length === 1 ? host[0] : undefined
}

/** Whether another site's page asks; one may only lead here. */
function comesFromElsewhere({ headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site']
  if (site === undefined || site === 'same-origin' || site === 'none') return false
  return headers['sec-fetch-mode'] !== 'navigate' || headers['sec-fetch-dest'] !== 'document'
}

/** The path, whatever is asked of it. */
function pathOf(url = '/'): string {
  return url.split('?', 1)[0]!
}

function sendWord(response: ServerResponse, trouble: string | undefined): void {
  if (trouble === undefined) send(response, 200, TEXT, 'ok\n')
  else send(response, 503, TEXT, `${trouble}\n`)
}

/** Says no, and ends the connection: whoever sends what is not wanted may have more of it. */
function refuse(response: ServerResponse, status: number, why: string): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.setHeader('Connection', 'close')
  send(response, status, TEXT, `${why}\n`)
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) })
  response.end(body)
}
