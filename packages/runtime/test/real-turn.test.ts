import { expect, it } from 'vitest'
import { realTurn } from '../src/index.ts'

it('realTurn lets everything run that is ready', async () => {
  const seen: string[] = []
  void Promise.resolve()
    .then(() => {})
    .then(() => seen.push('promise'))
  process.nextTick(() => seen.push('tick'))
  setImmediate(() => seen.push('turn'))
  await realTurn()
  expect(seen.toSorted()).toEqual(['promise', 'tick', 'turn'])
})
