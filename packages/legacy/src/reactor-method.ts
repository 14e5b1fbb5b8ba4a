/**
 * The types of what a wrapper calls: a method that takes arguments of its own, and then options.
 *
 * @module
 */
import type { IReactorTime } from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'

/** A method of a reactor. */
export type ReactorMethod<R = unknown> = (...args: never[]) => R

/** What comes before the options. */
export type ArgumentsOf<M extends ReactorMethod> =
  Required<Parameters<M>> extends readonly [...infer A, unknown] ? A : never

/** The options. */
export type OptionsOf<M extends ReactorMethod> =
  Required<Parameters<M>> extends readonly [...unknown[], infer O] ? O : never

/**
 * Calls a method of the reactor, or of the process's when the given one is no more than the system clock.
 *
 * @param role - the name of the role that has the method, for the error
 * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`) when the reactor has no such method
 */
export function callReactor<M extends ReactorMethod>(
  reactor: IReactorTime,
  role: string,
  method: string,
  args: ArgumentsOf<M>,
  options: OptionsOf<M>,
): ReturnType<M> {
  const given = [...(args as unknown[]), options]
  const whole = reactorWith<Record<string, (...args: unknown[]) => unknown>>(reactor, role, [method])
  return whole[method]!(...given) as ReturnType<M>
}
