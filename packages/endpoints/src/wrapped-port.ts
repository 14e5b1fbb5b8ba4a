/**
 * A port that stands in for another one, and knows more about it.
 *
 * @module
 */
import type { Description, Fact, IAddress, IInspectable, IListeningPort } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'

/** Passes everything on to the port inside. */
export abstract class WrappedPort implements IListeningPort, IInspectable {
  protected readonly inner: IListeningPort

  constructor(inner: IListeningPort) {
    this.inner = inner
  }

  /** What it knows besides. */
  protected abstract facts(): Readonly<Record<string, Fact>>

  getHost(): IAddress {
    return this.inner.getHost()
  }

  serve(): void {
    this.inner.serve()
  }

  stopListening(): void | Promise<void> {
    return this.inner.stopListening()
  }

  describe(): Description {
    const { inner } = this
    const known = hasRole<IInspectable>(inner, ['describe']) ? inner.describe() : nothingKnown(inner)
    return { ...known, facts: { ...known.facts, ...this.facts() } }
  }
}

function nothingKnown(port: IListeningPort): Description {
  return {
    kind: port.constructor.name,
    name: undefined,
    state: 'serving',
    since: undefined,
    error: undefined,
    facts: { address: port.getHost().toString() },
    children: [],
  }
}
