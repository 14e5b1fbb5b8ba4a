/**
 * Twisted as the other side: a program in Python that listens, connects and tells what it received, as it is told.
 *
 * It is Debian's Twisted, run by Debian's Python. Where that is not installed the tests are skipped.
 *
 * @module
 */
import { spawn, spawnSync, type ChildProcessByStdio } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const PYTHON = '/usr/bin/python3'

/** Where the programs in Python are. */
const PROGRAMS = new URL('../python/', import.meta.url)

/** Where Debian's Python finds Debian's packages. */
const PACKAGES = '/usr/lib/python3/dist-packages'

/** Whether Twisted is there, with what it needs for TLS. */
export const twistedIsThere: boolean = ['twisted', 'OpenSSL', 'service_identity'].every((name) =>
  existsSync(`${PACKAGES}/${name}`),
)

/** What a conversation tells when its connection is gone; which fields there are depends on its kind. */
export interface Report {
  /** The name of the class of the reason. */
  readonly reason: string
  /** Raw bytes in hex, or each message in hex. */
  readonly received: string | readonly string[]
  readonly length: number
  readonly sha256: string
  readonly peer: { readonly host: string; readonly port: number }
}

/** A datagram that came, in hex. */
export interface DatagramReport {
  readonly datagram: string
  readonly from: { readonly host: string; readonly port: number } & { readonly path: string }
}

/** A port or a connection of the other side. */
export interface Thing {
  readonly thing: number
  readonly host: string
  readonly port: number
}

interface Answer {
  readonly id: number | null
  readonly value?: unknown
  readonly error?: { readonly type: string; readonly message: string }
}

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** A failure that Twisted told; `name` is the class of its error. */
class TwistedError extends Error {
  override readonly name: string

  constructor(name: string, message: string) {
    super(message)
    this.name = name
  }
}

/** One process of Twisted. */
export class Twisted implements AsyncDisposable {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>
  readonly #waiting = new Map<number, Waiting>()
  readonly #gone: Promise<void>
  #orders = 0

  private constructor(process: ChildProcessByStdio<Writable, Readable, null>, ready: () => void) {
    this.#process = process
    this.#gone = new Promise((resolve) => {
      process.once('close', () => {
        for (const { reject } of this.#waiting.values()) reject(new Error('Twisted has ended'))
        resolve()
      })
    })
    // What is written to a process that has ended is told by its end.
    process.stdin.on('error', () => {})
    createInterface({ input: process.stdout }).on('line', (line) => {
      const { id, value, error } = JSON.parse(line) as Answer
      if (id === null) return ready()
      const waiting = this.#waiting.get(id)
      this.#waiting.delete(id)
      if (error) waiting?.reject(new TwistedError(error.type, error.message))
      else waiting?.resolve(value)
    })
  }

  /** Starts a process, and waits until it takes orders. */
  static start(): Promise<Twisted> {
    return new Promise((resolve, reject) => {
      const process = spawn(PYTHON, [fileURLToPath(new URL('peer.py', PROGRAMS))], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      process.once('error', reject)
      const twisted: Twisted = new Twisted(process, () => resolve(twisted))
    })
  }

  /** Listens at an endpoint string; each connection is a conversation of the kind. */
  listen(at: string, kind: string, wishes: object = {}): Promise<Thing> {
    return this.ask('listen', { at, kind, wishes })
  }

  /** Connects to an endpoint string, for one conversation. */
  connect(to: string, kind: string, wishes: object = {}): Promise<Thing> {
    return this.ask('connect', { to, kind, wishes })
  }

  /** The next conversation that is over, or the next datagram. */
  report<R = Report>({ thing }: Pick<Thing, 'thing'>): Promise<R> {
    return this.ask('report', { thing })
  }

  /** The conversations that are over, and were not asked for. */
  waiting({ thing }: Pick<Thing, 'thing'>): Promise<readonly Report[]> {
    return this.ask('waiting', { thing })
  }

  /** Stops a port. */
  stop({ thing }: Pick<Thing, 'thing'>): Promise<void> {
    return this.ask('stop', { thing })
  }

  /** Gives any order that `peer.py` knows. */
  ask<T>(order: string, args: object): Promise<T> {
    const id = this.#orders++
    return new Promise<T>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: unknown) => void, reject })
      this.#process.stdin.write(`${JSON.stringify({ id, order, arguments: args })}\n`)
    })
  }

  /** Ends it without a word, as a crash does. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#gone
  }

  /** Ends it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.stdin.end()
    await this.#gone
  }
}

/** Runs a program of `python/` to its end: what it is given and what it answers is JSON. */
export function answersOf<T>(program: string, questions: unknown): T {
  const { status, stdout, stderr } = spawnSync(PYTHON, [fileURLToPath(new URL(program, PROGRAMS))], {
    input: JSON.stringify(questions),
    encoding: 'utf8',
    maxBuffer: Infinity,
  })
  if (status !== 0) throw new Error(`Cannot get the answers of ${program}: ${stderr}`)
  return JSON.parse(stdout) as T
}
