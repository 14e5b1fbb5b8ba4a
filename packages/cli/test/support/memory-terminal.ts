import { Clock } from '@sennit/runtime'
import { type IDescriptor, Output } from '../../src/output.ts'
import type { Terminal } from '../../src/terminal.ts'

/** A descriptor whose reader does as the test says. */
export class MemoryDescriptor implements IDescriptor {
  text = ''
  /** How many bytes it takes before it says EAGAIN. */
  room = Infinity
  /** What a write fails with. */
  error: string | undefined
  isBusy = false
  slept = 0
  /** Called at each sleep. */
  onSleep: () => void = () => {}

  write(bytes: Uint8Array): number {
    if (this.error !== undefined) throw Object.assign(new Error(this.error), { code: this.error })
    if (this.room === 0 && bytes.length > 0) throw Object.assign(new Error('EAGAIN'), { code: 'EAGAIN' })
    const taken = Math.min(this.room, bytes.length)
    this.text += Buffer.from(bytes.subarray(0, taken)).toString('utf8')
    this.room -= taken
    return taken
  }

  busy(): boolean {
    return this.isBusy
  }

  sleep(time: number): void {
    this.slept += time
    this.onSleep()
  }
}

/** A terminal in memory, and what was written to it. */
export interface MemoryTerminal extends Terminal {
  readonly stdout: MemoryDescriptor
  readonly stderr: MemoryDescriptor
}

export function memoryTerminal(options: Partial<Terminal> = {}): MemoryTerminal {
  const clock = new Clock()
  const [stdout, stderr] = [new MemoryDescriptor(), new MemoryDescriptor()]
  const [out, err] = [new Output(stdout, { clock }), new Output(stderr, { clock })]
  return {
    out,
    err,
    outIsTerminal: false,
    errIsTerminal: false,
    colors: false,
    columns: () => undefined,
    rows: () => undefined,
    outputs: [out, err],
    ...options,
    stdout,
    stderr,
  }
}
