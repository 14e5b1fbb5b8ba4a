/** What several suites need besides `@sennit/testing`. */
import type {
  IAddress,
  IInheritedSockets,
  IListeningPort,
  InheritedSocket,
  IProtocol,
  IProtocolFactory,
  IReactorFiles,
  IStreamTransport,
} from '@sennit/interfaces'
import { Factory, Protocol } from '@sennit/protocol'
import { MemoryReactorClock } from '@sennit/testing'
import fc from 'fast-check'

/** A protocol that remembers what it was told. */
export class Recorder extends Protocol {
  readonly events: string[] = []
  lost: Error | undefined

  override connectionMade(): void {
    this.events.push('made')
  }

  override dataReceived(data: Uint8Array): void {
    this.events.push(Buffer.from(data).toString())
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.events.push('lost')
    this.lost = reason
  }
}

/** A factory that counts its uses and keeps what it built. */
export class RecorderFactory extends Factory<Recorder> {
  readonly built: Recorder[] = []
  readonly addresses: IAddress[] = []
  readonly calls: string[] = []

  override buildProtocol(address?: IAddress): Recorder {
    const protocol = new Recorder()
    this.built.push(protocol)
    if (address) this.addresses.push(address)
    return protocol
  }

  override doStart(): void {
    this.calls.push('doStart')
  }

  override doStop(): void {
    this.calls.push('doStop')
  }
}

/** A factory around one function. */
export function factoryOf<P extends IProtocol>(build: () => P | undefined): IProtocolFactory<P> {
  return { buildProtocol: build, doStart: () => {}, doStop: () => {} }
}

/** A protocol of which only `makeConnection` matters. */
export function onMade(makeConnection: (transport: IStreamTransport) => void): Recorder {
  return Object.assign(new Recorder(), { makeConnection })
}

/** Files in memory. */
export class FileDouble implements IReactorFiles {
  readonly contents = new Map<string, string | Error>()
  readonly reads: string[] = []
  readonly #watchers = new Map<string, Set<() => void>>()
  /** Reads wait for it, if there is one. */
  gate: Promise<void> | undefined

  constructor(contents: Readonly<Record<string, string | Error>> = {}) {
    for (const [path, content] of Object.entries(contents)) this.contents.set(path, content)
  }

  get watched(): string[] {
    return [...this.#watchers.keys()].toSorted()
  }

  async readFile(path: string): Promise<Uint8Array> {
    this.reads.push(path)
    const content = this.contents.get(path)
    await this.gate
    if (content instanceof Error) throw content
    if (content === undefined) throw fileError('ENOENT', path)
    return Buffer.from(content)
  }

  async readDirectory(path: string): Promise<readonly string[]> {
    await this.gate
    if (this.contents.has(path)) throw fileError('ENOTDIR', path)
    const names = [...this.contents.keys()].filter((each) => each.startsWith(`${path}/`))
    if (names.length === 0) throw fileError('ENOENT', path)
    return names.map((each) => each.slice(path.length + 1)).toSorted()
  }

  watchFile(path: string, changed: () => void): () => void {
    const watchers = this.#watchers.get(path) ?? new Set()
    this.#watchers.set(path, watchers.add(changed))
    return () => {
      watchers.delete(changed)
      if (watchers.size === 0) this.#watchers.delete(path)
    }
  }

  /** Changes a file, and tells those who watch it. */
  write(path: string, content: string | Error): void {
    this.contents.set(path, content)
    for (const watched of [path, path.slice(0, path.lastIndexOf('/'))]) {
      for (const changed of this.#watchers.get(watched) ?? []) changed()
    }
  }
}

function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: no such place, '${path}'`), { code })
}

/** A recording reactor that has files and inherited sockets as well, and refuses credentials whose key says that they are bad. */
export class EndpointReactor extends MemoryReactorClock implements IInheritedSockets, IReactorFiles {
  readonly files: FileDouble
  inherited: readonly InheritedSocket[] = []

  constructor(files: Readonly<Record<string, string | Error>> = {}) {
    super()
    this.files = new FileDouble(files)
  }

  override async listenSSL(...args: Parameters<MemoryReactorClock['listenSSL']>): Promise<IListeningPort> {
    const port = await super.listenSSL(...args)
    const { listeningPort } = this.sslServers.at(-1)!
    const take = listeningPort.setTLSOptions.bind(listeningPort)
    listeningPort.setTLSOptions = (tls) => {
      if (String(tls.key).includes('BAD')) throw new Error('key and certificate do not fit')
      take(tls)
    }
    return port
  }

  inheritedSockets(): readonly InheritedSocket[] {
    return this.inherited
  }

  readFile(path: string): Promise<Uint8Array> {
    return this.files.readFile(path)
  }

  readDirectory(path: string): Promise<readonly string[]> {
    return this.files.readDirectory(path)
  }

  watchFile(path: string, changed: () => void): () => void {
    return this.files.watchFile(path, changed)
  }
}

/** PEM texts that only look like it. */
export const PEMS = {
  key: '-----BEGIN PRIVATE KEY-----\nKEY\n-----END PRIVATE KEY-----\n',
  cert: '-----BEGIN CERTIFICATE-----\nCERT\n-----END CERTIFICATE-----\n',
  chain: '-----BEGIN CERTIFICATE-----\nCHAIN\n-----END CERTIFICATE-----\n',
  dh: '-----BEGIN DH PARAMETERS-----\nDH\n-----END DH PARAMETERS-----\n',
} as const

/** Any text, lone surrogates included. (Making fast-check's own of all characters takes seconds.) */
export const anyText: fc.Arbitrary<string> = fc
  .array(fc.oneof(fc.nat(0x7f), fc.nat(0xffff)))
  .map((codes) => String.fromCharCode(...codes))
