/**
 * A service that shows the tree of services that it belongs to.
 *
 * @module
 */
import { createServer } from 'node:http'
import { serverFromString } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import type {
  Duration,
  Fact,
  IHostPort,
  IListeningPort,
  IObservable,
  IReadiness,
  IService,
  IServiceContext,
  IStreamServerEndpoint,
  Seconds,
  StreamListenOptions,
} from '@sennit/interfaces'
import { hasRole, toSeconds } from '@sennit/runtime'
import { tell, wallClockOf } from '@sennit/runtime/internal'
import { type HookContext, ListeningService, type ListeningServiceOptions } from '@sennit/service'
import { StatusOptionError } from './errors.ts'
import { EventStreams } from './event-streams.ts'
import { isHostName } from './host-allowed.ts'
import { isEncrypted, onLoopback } from './loopback.ts'
import { LoopDelayMeter } from './loop-delay.ts'
import { metricsOf } from './metrics.ts'
import { type IProbe, nodeProbe } from './node-process.ts'
import { answerRequests, type StatusSource } from './requests.ts'
import { snapshotOf } from './snapshot.ts'
import type { ProcessStatus, StatusDocument } from './status-document.ts'

/** Options of a `StatusService`. */
export interface StatusServiceOptions extends ListeningServiceOptions<StreamListenOptions> {
  /** The service whose tree is shown. @defaultValue the topmost of those that it is under */
  readonly root?: IService | undefined
  /** The time between two updates of a page. @defaultValue '1s' */
  readonly interval?: Duration | undefined
  /**
   * Names by which the page may be asked for, besides addresses and `localhost`.
   *
   * @defaultValue none
   */
  readonly allowedHosts?: readonly string[] | undefined
  /** How many may watch at the same time. @defaultValue 20 */
  readonly maxViewers?: number | undefined
  /** What the page looks at besides the services. @defaultValue this process */
  readonly probe?: IProbe | undefined
}

/** Requests have no body, and hardly any headers. */
const MAX_HEADER_SIZE = 8192

/** What came together is answered from one look at the tree. */
const FRESH: Seconds = 0.1

/**
 * Shows the tree of services that it belongs to: a live page, JSON, health, readiness and Prometheus metrics.
 *
 * @example
 * ```ts
 * const app = new Application('api', {}, [new StatusService('tcp:8127'), database, server])
 * ```
 */
export class StatusService extends ListeningService<StreamListenOptions> {
  readonly #endpoint: IStreamServerEndpoint
  readonly #root: IService | undefined
  readonly #interval: Seconds
  readonly #allowedHosts: ReadonlySet<string>
  readonly #maxViewers: number
  readonly #probe: IProbe
  readonly #loopDelay: LoopDelayMeter
  #streams: EventStreams | undefined
  /** When the process began: told once, since it would be a little different each time. */
  #processStartedAt: Seconds | undefined
  #recent: { readonly at: Seconds; readonly document: StatusDocument } | undefined

  /**
   * @param endpoint - where to listen, such as `'tcp:8127'` (on 127.0.0.1, unless it names an interface) or `'unix:/run/status.sock'`
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when `endpoint` cannot be read
   * @throws StatusOptionError (`ERR_SENNIT_STATUS_OPTION`) when an option is not what it must be
   */
  constructor(endpoint: string | IStreamServerEndpoint, options: StatusServiceOptions = {}) {
    const { root, interval = 1, allowedHosts = [], maxViewers = 20, probe = nodeProbe, ...rest } = options
    // Somebody's hundred connections shall not take the descriptors that the program needs.
    super({ maxConnections: 100, idleTimeout: 60, ...rest })
    this.#endpoint = typeof endpoint === 'string' ? serverFromString(onLoopback(endpoint)) : endpoint
    if (root !== undefined && !hasRole<IService>(root, ['startService', 'stopService'])) {
      throw new StatusOptionError('root', 'a service', root)
    }
    this.#root = root
    this.#interval = toSeconds(interval, 'interval')
    if (!(this.#interval >= 0.1 && this.#interval < Infinity)) {
      throw new StatusOptionError('interval', 'at least 100 ms', interval)
    }
    if (!(Array.isArray(allowedHosts) && allowedHosts.every(isHostName))) {
      throw new StatusOptionError('allowedHosts', 'a list of names, without ports', allowedHosts)
    }
    this.#allowedHosts = new Set(allowedHosts.map((name) => name.toLowerCase()))
    if (!(Number.isInteger(maxViewers) && maxViewers >= 0)) {
      throw new StatusOptionError('maxViewers', 'a whole number', maxViewers)
    }
    this.#maxViewers = maxViewers
    this.#probe = probe
    this.#loopDelay = new LoopDelayMeter(probe)
  }

  /** The address of the page, such as `'http://127.0.0.1:8127/'`; `undefined` unless it listens at a port. */
  get url(): string | undefined {
    const host = this.port?.getHost() as Partial<IHostPort> | undefined
    if (host?.host === undefined || host.port === undefined) return undefined
    const scheme = isEncrypted(String(this.#endpoint)) ? 'https' : 'http'
    const name = { '0.0.0.0': '127.0.0.1', '::': '[::1]' }[host.host]
    return `${scheme}://${name ?? (host.host.includes(':') ? `[${host.host}]` : host.host)}:${host.port}/`
  }

  protected override listen(
    { clock }: IServiceContext,
    options: StreamListenOptions,
  ): Promise<IListeningPort> {
    const source: StatusSource = {
      json: () => JSON.stringify(this.#document()),
      metrics: () => metricsOf(this.#document()),
      illness: () => this.#illness(),
      unreadiness: () => this.#unreadiness(),
    }
    const streams = new EventStreams({
      clock,
      interval: this.#interval,
      maxViewers: this.#maxViewers,
      document: source.json,
    })
    this.#streams = streams
    const server = createServer({
      maxHeaderSize: MAX_HEADER_SIZE,
      headersTimeout: 5000,
      requestTimeout: 10_000,
      keepAliveTimeout: 5000,
    })
    server.on('request', answerRequests({ source, streams, allowedHosts: this.#allowedHosts }))
    return this.#endpoint.listen(httpFactory(server), options)
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    const { clock, log, reactor } = hook.context
    const begin = (): void => {
      this.#loopDelay.start(clock, wallClockOf(reactor))
      const place = this.url ?? this.getHost().toString()
      tell(log, 'info', { url: place }, `The status page is at ${place}`)
    }
    const started = super.onStart(hook)
    return started === undefined ? begin() : started.then(begin)
  }

  protected override onStop(): void | Promise<void> {
    this.#loopDelay.stop()
    this.#streams?.end()
    this.#recent = undefined
    return super.onStop()
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    return { ...super.facts(), viewers: this.#streams?.viewers ?? 0 }
  }

  #document(): StatusDocument {
    const { clock, reactor } = this.context
    const now = clock.seconds()
    if (this.#recent === undefined || now - this.#recent.at > FRESH || now < this.#recent.at) {
      const time = wallClockOf(reactor).now()
      const { tree, truncated } = snapshotOf(this.#top)
      const document: StatusDocument = {
        format: 1,
        time,
        interval: this.#interval,
        ready: this.#unreadiness() === undefined,
        process: this.#processStatus(time),
        eventLoop: this.#loopDelay.describe(),
        truncated,
        tree,
      }
      this.#recent = { at: now, document }
    }
    return this.#recent.document
  }

  #processStatus(time: Seconds): ProcessStatus {
    const { process } = this.#probe
    const { user, system } = process.cpuUsage()
    const { rss, heapTotal, heapUsed, external } = process.memoryUsage()
    return {
      pid: process.pid,
      title: process.title,
      node: process.version,
      platform: process.platform,
      startedAt: (this.#processStartedAt ??= time - process.uptime()),
      cpu: { user: user / 1e6, system: system / 1e6 },
      memory: { rss, heapTotal, heapUsed, external },
    }
  }

  #illness(): string | undefined {
    const top = this.#top
    return (top as IService & Partial<IObservable>).state === 'failed' ? 'failed' : undefined
  }

  #unreadiness(): string | undefined {
    const top = this.#top
    const ready = hasRole<IReadiness>(top, ['onReadyChange']) ? top.ready : top.running
    if (ready) return undefined
    const { state } = top as IService & Partial<IObservable>
    return state === undefined || state === 'running' ? 'not ready' : `not ready: ${state}`
  }

  /** The service whose tree is shown. */
  get #top(): IService {
    if (this.#root !== undefined) return this.#root
    let top: IService = this
    for (let above = top.parent; above !== undefined; above = top.parent) top = above as unknown as IService
    return top
  }
}
