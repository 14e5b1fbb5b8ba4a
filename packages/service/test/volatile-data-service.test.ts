import { describe, expect, it } from 'vitest'
import { VolatileDataService } from '../src/volatile-data-service.ts'

class Cache extends VolatileDataService {
  static override readonly volatile: readonly string[] = ['hits']
  size = 100
  hits = 0
}

class TwoLevelCache extends Cache {
  static override readonly volatile = ['second']
  second = 0
  third = 3
}

class Plain extends Cache {}

describe('VolatileDataService', () => {
  it.each<[string, new (options: { name: string }) => VolatileDataService, object]>([
    ['what its class lists', Cache, { size: 100 }],
    ['what the classes above list as well', TwoLevelCache, { size: 100, third: 3 }],
    ['what the class above lists when its own lists nothing', Plain, { size: 100 }],
    ['nothing when no class lists anything', VolatileDataService, {}],
  ])('LG-22 leaves out of the JSON form %s', (_what, Class, rest) => {
    expect(JSON.parse(JSON.stringify(new Class({ name: 'cache' })))).toEqual({ name: 'cache', ...rest })
  })

  it('LG-22 has the same JSON form while it runs', () => {
    const cache = new Cache({ name: 'cache' })
    const before = JSON.stringify(cache)
    void cache.startService()
    cache.hits++
    expect(cache.running).toBe(true)
    expect(JSON.stringify(cache)).toBe(before)
  })
})
