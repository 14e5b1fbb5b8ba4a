import { expect, it } from 'vitest'
import { painter } from '../src/paint.ts'

it('colours text, or leaves it', () => {
  expect(painter(true)('red', 'x')).toBe('\u001b[31mx\u001b[39m')
  expect(painter(false)('red', 'x')).toBe('x')
})
