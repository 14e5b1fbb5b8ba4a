/**
 * A port whose credentials come from files.
 *
 * @module
 */
import type {
  Fact,
  IListeningPort,
  IReactorFiles,
  IReactorTime,
  Seconds,
  StreamListenOptions,
  TLSServerOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { defaultLog } from '@sennit/runtime'
import { CredentialsWatch } from './credentials-watch.ts'
import type { TLSServerFiles } from './tls-server-files.ts'
import { WrappedPort } from './wrapped-port.ts'

/** A port, and what gives it other credentials: throws, and changes nothing, when they do not fit together. */
export interface OpenedPort {
  readonly port: IListeningPort
  readonly use: (tls: TLSServerOptions) => void
}

/** Where the credentials come from, and how they are kept up to date. */
export interface ReloadOptions {
  readonly source: TLSServerFiles
  /** Whether they are read again when the files change, and how often these are looked at. */
  readonly reload: Seconds | boolean
  readonly reactor: IReactorTime | undefined
}

/** Reads credentials, opens a port with them, and sees to it that the port gets new ones. */
export async function openReloading(
  { source, reload, reactor }: ReloadOptions,
  { context, signal }: StreamListenOptions,
  open: (tls: TLSServerOptions) => Promise<OpenedPort>,
): Promise<IListeningPort> {
  const files = reactorWith<IReactorFiles>(reactor, 'IReactorFiles', [
    'readFile',
    'readDirectory',
    'watchFile',
  ])
  if (reload === false) {
    const { options } = await source.read(files)
    signal?.throwIfAborted()
    return (await open(options)).port
  }
  const interval = reload === true ? undefined : reload
  const watch = new CredentialsWatch({ source, files, interval, log: context?.log ?? defaultLog })
  try {
    const tls = await watch.first()
    signal?.throwIfAborted()
    const { port, use } = await open(tls)
    watch.begin(use)
    return new ReloadingPort(port, watch)
  } catch (error) {
    watch.stop()
    throw error
  }
}

class ReloadingPort extends WrappedPort {
  readonly #watch: CredentialsWatch

  constructor(inner: IListeningPort, watch: CredentialsWatch) {
    super(inner)
    this.#watch = watch
  }

  override stopListening(): void | Promise<void> {
    this.#watch.stop()
    return super.stopListening()
  }

  protected facts(): Readonly<Record<string, Fact>> {
    const { reloads, error } = this.#watch
    return { reloads, reloadError: error?.message ?? null }
  }
}
