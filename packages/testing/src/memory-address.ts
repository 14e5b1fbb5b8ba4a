/**
 * The address of a memory endpoint.
 *
 * @module
 */
import type { IAddress } from '@sennit/interfaces'

/** A name within a process, or within a world. */
export class MemoryAddress implements IAddress {
  readonly type = 'MEMORY'
  /** Empty for the client's side. */
  readonly name: string

  constructor(name: string) {
    this.name = name
  }

  toString(): string {
    return `memory:${this.name}`
  }
}
