import { EventEmitter } from 'node:events'
import type { IProgram } from '../../src/index.ts'

/** A process that only writes down what it is told. */
export class FakeProgram extends EventEmitter implements IProgram {
  exits: number[] = []
  exitCode: number | undefined
  title = ''
  pid = 4711
  env: Record<string, string | undefined> = {}
  masks: number[] = []
  resources: string[] = []
  readonly stdout: EventEmitter = new EventEmitter()
  readonly stderr: EventEmitter = new EventEmitter()

  exit(code: number): void {
    this.exits.push(code)
  }

  umask(mask: number): number {
    this.masks.push(mask)
    return 0o022
  }

  getActiveResourcesInfo(): string[] {
    return this.resources
  }

  /** How many listeners there are, of all events. */
  get heard(): number {
    return this.eventNames().reduce((sum, name) => sum + this.listenerCount(name), 0)
  }
}
