import { describe, it } from 'vitest'
import { multicastConformance, udpConformance, unixDatagramConformance } from '../../src/conformance/index.ts'
import { inWorld } from './world.ts'

describe('MemoryWorld', () => {
  udpConformance({ describe, it }, inWorld)
  multicastConformance({ describe, it }, inWorld)
  unixDatagramConformance({ describe, it }, () => ({ ...inWorld(), folder: '/run' }))
})
