import dns from 'node:dns'
import { isIP } from 'node:net'
import { vi } from 'vitest'

/** Names that the system knows; all others it does not. */
export class KnownNames {
  /** What was asked for, each time. */
  readonly calls: unknown[] = []
  readonly #lookup

  constructor(names: Readonly<Record<string, readonly string[]>>) {
    const system = dns.lookup as (...args: unknown[]) => unknown
    this.#lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
      name: string,
      options: { family: number },
      callback: (error: Error | null, found?: object[]) => void,
    ) => {
      // Node asks for the address at which it shall listen, too.
      if (isIP(name) !== 0) {
        system(name, options, callback)
        return
      }
      this.calls.push([name, options])
      const found = names[name]?.map((address) => ({ address, family: isIP(address) }))
      const wanted = found?.filter(({ family }) => options.family === 0 || options.family === family)
      setImmediate(() => {
        if (wanted !== undefined) callback(null, wanted)
        else callback(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }))
      })
    }) as never)
  }

  readonly dispose = (): void => this.#lookup.mockRestore()
}
