import { describe, expect, it } from 'vitest'
import { ProcessorUse } from '../page/processor-use.js'

const of = (used: number, { pid = 1, startedAt = 0 } = {}) => ({
  pid,
  startedAt,
  cpu: { user: used / 2, system: used / 2 },
})

describe('ProcessorUse', () => {
  it('is that since the start with a first document', () => {
    expect(new ProcessorUse().of(of(25), 100)).toBe(0.25)
  })

  it('is that of the last five seconds from then on', () => {
    const use = new ProcessorUse()
    use.of(of(0), 100)
    expect(use.of(of(0.5), 101)).toBe(0.5)
    for (const time of [102, 103, 104, 105]) use.of(of(0.5), time)
    expect(use.of(of(5.5), 106)).toBeCloseTo(1)
    expect(use.of(of(5.5), 111)).toBe(0)
  })

  it('says the same when it is asked twice about a document', () => {
    const use = new ProcessorUse()
    use.of(of(0), 100)
    use.of(of(1), 101)
    expect(use.of(of(1), 101)).toBe(1)
  })

  it('is reckoned in long intervals, too', () => {
    const use = new ProcessorUse()
    use.of(of(0), 100)
    use.of(of(3), 130)
    expect(use.of(of(33), 160)).toBe(1)
  })

  it.each([
    ['another process', { pid: 2, startedAt: 110 }],
    ['one of the same number', { pid: 1, startedAt: 110 }],
  ])('begins anew with %s', (_, which) => {
    const use = new ProcessorUse()
    use.of(of(50), 100)
    expect(use.of(of(1, which), 120)).toBe(0.1)
  })

  it('is not put off by a start that is reckoned a little differently', () => {
    const use = new ProcessorUse()
    use.of(of(0), 100)
    expect(use.of(of(1, { startedAt: 0.01 }), 101)).toBe(1)
  })

  it('is nothing of no time', () => {
    expect(new ProcessorUse().of(of(0, { startedAt: 100 }), 100)).toBe(0)
  })
})
