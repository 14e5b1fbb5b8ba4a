/**
 * Sides that are measured by a program of this package.
 *
 * @module
 */
import { firstBurst, type Scale, type Side } from '../comparison.ts'
import type { Processor } from './pinned.ts'
import { figures, node, nodeWithRoom, RunningProgram } from './program.ts'
import { twisted } from './twisted.ts'

/** A number for each scale. */
export type Amounts = Readonly<Record<Scale, number>>

/** @returns the same number for each scale */
export function always(amount: number): Amounts {
  return { full: amount, quick: amount, smoke: amount }
}

/** Who is measured, by which program, with which numbers after the name that the program gives it. */
export interface ProgramSide {
  readonly program: string
  readonly as: string
  readonly numbers: readonly Amounts[]
  /** Whether it may run on any processor. */
  readonly free?: boolean
}

export function measured(
  role: Side['role'],
  name: string,
  { program, as, numbers, free = false }: ProgramSide,
): Side {
  const start = (scale: Scale, processor: Processor) => {
    const args = numbers.map((amounts) => amounts[scale])
    return free
      ? RunningProgram.start(node(program, as, ...args))
      : RunningProgram.start(nodeWithRoom(program, as, ...args), processor)
  }
  return { name, role, start }
}

/** @returns the original, measured by a figure of `figures.py` */
export function original(figure: string, ...numbers: readonly Amounts[]): Side {
  return {
    name: 'Twisted',
    role: 'peer',
    start: async (scale, processor) => {
      const command = twisted('figures.py', figure, ...numbers.map((amounts) => amounts[scale]))
      return firstBurst(() => figures(command, processor))
    },
  }
}
