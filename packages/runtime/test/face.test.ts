import { expect, it } from 'vitest'
import * as face from '../src/index.ts'
import * as internal from '../src/internal.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual(
    [
      'AlreadyCalled',
      'AlreadyCancelled',
      'CancelledError',
      'Clock',
      'DelayError',
      'DurationError',
      'MissingRoleError',
      'TimeoutError',
      'channels',
      'deferLater',
      'defaultLog',
      'getGlobalReactor',
      'hasRole',
      'maybeGlobalReactor',
      'realTurn',
      'requireRole',
      'setGlobalReactor',
      'systemClock',
      'systemRandom',
      'toSeconds',
      'wallClock',
    ].toSorted(),
  )
})

it('shares exactly these with its siblings', () => {
  expect(Object.keys(internal).toSorted()).toEqual([
    'DelayedCall',
    'DelayedCallQueue',
    'Seats',
    'SystemClock',
    'TimeHeap',
    'acquire',
    'asError',
    'bounded',
    'callbackOf',
    'cancellableOf',
    'isThenable',
    'nodeModule',
    'plainClock',
    'setCancellable',
    'tell',
    'wallClockOf',
  ])
})
