import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'AlreadyConnectedError',
    'MissingPeerError',
    'NoSuchReactorError',
    'NodeReactor',
    'ReactorOptionError',
    'getReactor',
    'installReactor',
    'reactorWith',
    'registerReactor',
  ])
})
