import { describe, expect, it } from 'vitest'
import { sizeFaults } from '../src/size.ts'

const faultsOf = (
  sizeBudget: { alone: number; together?: number } | undefined,
  alone: number,
  together = 0,
): string[] =>
  sizeFaults(
    { name: 'x', manifest: { name: '@sennit/x', version: '1.0.0', ...(sizeBudget && { sizeBudget }) } },
    { alone, together },
  ).map(({ wrong, mend }) => `${wrong}; ${mend}`)

describe('sizeFaults', () => {
  it('is content within the budget', () => {
    expect(faultsOf({ alone: 1000, together: 5000 }, 1000, 5000)).toEqual([])
  })

  it('wants a budget, and says which', () => {
    expect(faultsOf(undefined, 1234)).toEqual(['it has no size budget; add "sizeBudget": { "alone": 1400 }.'])
  })

  it('finds more than that, alone and together', () => {
    expect(faultsOf({ alone: 1000, together: 5000 }, 1001, 5010)).toEqual([
      'its bundle has 1001 bytes, 1 more than its budget; take out what is not needed, or say in the change why 1200 are.',
      'its bundle with all that it needs has 5010 bytes, 10 more than its budget; take out what is not needed, or say in the change why 5600 are.',
    ])
  })

  it('finds a budget in which twice as much would go unnoticed', () => {
    expect(faultsOf({ alone: 3000 }, 1000)).toEqual([
      'its budget of 3000 bytes is far from the 1000 that its bundle has; lower it to 1100.',
    ])
  })
})
