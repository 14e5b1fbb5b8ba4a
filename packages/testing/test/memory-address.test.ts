import { expect, it } from 'vitest'
import { MemoryAddress } from '../src/index.ts'

it('MemoryAddress has a name', () => {
  expect(new MemoryAddress('a')).toMatchObject({ type: 'MEMORY', name: 'a' })
  expect(String(new MemoryAddress('a'))).toBe('memory:a')
})
