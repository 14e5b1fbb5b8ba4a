import { expect, it } from 'vitest'
import { keepShapes } from '../src/lasting.ts'

it('keepShapes makes what is to stay once', () => {
  const kept = keepShapes()
  expect(kept.map(({ constructor }) => constructor.name)).toEqual(['Lifecycle', 'Transition', 'Walk', 'Hook'])
  expect(keepShapes()).toBe(kept)
})
