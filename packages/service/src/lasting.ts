/**
 * One of each kind of object that a walk over children knows, to stay.
 *
 * The engine throws compiled code away when the last object of a shape is gone that the code relies on. A program that stops all of
 * its services and makes them anew would walk over them slowly, until all is compiled again.
 *
 * @module
 */
import { Children } from './children.ts'
import { Hook } from './hook.ts'
import { Lifecycle } from './lifecycle.ts'
import { Transition } from './transition.ts'
import { Walk } from './walk.ts'

let lasting: readonly object[] | undefined

/** To be called before the first walk; it returns what stays. */
export function keepShapes(): readonly object[] {
  return (lasting ??= make())
}

function make(): readonly object[] {
  const life = new Lifecycle({ pathLabel: 'nobody' }, undefined, undefined)
  life.children = new Children(false)
  const transition = new Transition(life, 'start', 'new', undefined)
  return [life, transition, new Walk(transition), new Hook(transition, transition.context)]
}
