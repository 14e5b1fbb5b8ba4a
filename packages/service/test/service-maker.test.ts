import { describe, expect, it } from 'vitest'
import { Service, ServiceMaker } from '../src/index.ts'

interface Options {
  readonly name: string
}

function counted() {
  let loads = 0
  const module = {
    options: { port: 'number' },
    makeService: ({ name }: Options) => new Service({ name }),
  }
  const load = async () => {
    loads++
    return module
  }
  return { maker: new ServiceMaker<Options>('Chat', load, 'A chat server', 'chat'), loads: () => loads, load }
}

describe('ServiceMaker', () => {
  it('SV-16 tells its names, description and module without loading it', () => {
    const { maker, loads, load } = counted()
    expect(maker).toMatchObject({ name: 'Chat', description: 'A chat server', tapname: 'chat', module: load })
    expect(loads()).toBe(0)
  })

  it('SV-16 loads the module when its options or makeService are used', async () => {
    const { maker, loads } = counted()
    expect(await maker.options).toEqual({ port: 'number' })
    expect(loads()).toBe(1)
    expect(await maker.makeService({ name: 'x' })).toMatchObject({ name: 'x', running: false })
    expect(loads()).toBe(2)
  })

  it('SV-16 loads a module by its URL', async () => {
    const source = 'export const options = 7; export function makeService() { return { made: true } }'
    const maker = new ServiceMaker('Url', `data:text/javascript,${encodeURIComponent(source)}`, '', 'url')
    expect(await maker.options).toBe(7)
    expect(await maker.makeService(undefined)).toEqual({ made: true })
  })

  it('rejects when the module makes no services, or cannot be loaded', async () => {
    const empty = new ServiceMaker('Empty', async () => ({}) as never, '', 'empty')
    await expect(empty.makeService({})).rejects.toMatchObject({ code: 'ERR_SENNIT_SERVICE_MAKER' })
    const missing = new ServiceMaker(
      'Missing',
      () => Promise.reject(new Error('no such module')),
      '',
      'missing',
    )
    await expect(missing.makeService({})).rejects.toThrow('no such module')
    await expect(missing.options).rejects.toThrow('no such module')
  })
})
