import { describe, expect, it } from 'vitest'
import { NonStreamingProducer, StringTransport } from '../src/index.ts'

describe('NonStreamingProducer', () => {
  it('TE-12 writes ten items, one each time it is asked, then takes itself out', () => {
    const transport = new StringTransport()
    const producer = new NonStreamingProducer(transport)
    transport.registerProducer(producer, false)
    for (let i = 0; i < 10; i++) producer.resumeProducing()
    expect(transport.value().toString()).toBe('0123456789')
    expect(transport.producer).toBe(producer)
    producer.resumeProducing()
    expect(transport.producer).toBeUndefined()
    producer.resumeProducing()
    expect(transport.value()).toHaveLength(10)
  })

  it('TE-12 writes nothing once it is stopped', () => {
    const transport = new StringTransport()
    const producer = new NonStreamingProducer(transport)
    producer.resumeProducing()
    producer.stopProducing()
    producer.resumeProducing()
    expect(producer).toMatchObject({ stopped: true, counter: 1 })
    expect(transport.value().toString()).toBe('0')
  })
})
