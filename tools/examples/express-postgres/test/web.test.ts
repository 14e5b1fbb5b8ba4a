import { createServer, type RequestListener } from 'node:http'
import { httpFactory } from '@sennit/http'
import { MemoryWorld } from '@sennit/testing'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Note } from '../src/notes.ts'
import { web } from '../src/web.ts'

let world: MemoryWorld
let kept: Note[]
let ready: boolean
let failure: Error | undefined

beforeEach(async () => {
  world = new MemoryWorld({ seed: 1 })
  kept = []
  ready = true
  failure = undefined
  const notes = {
    list: async () => {
      if (failure !== undefined) throw failure
      return kept
    },
    add: async (text: string) => kept[kept.push({ id: kept.length + 1, text }) - 1]!,
  }
  await world.listenTCP(80, httpFactory(createServer(web(notes, () => ready) as RequestListener)))
})

/** Asks on the simulated network; the status and the body. */
async function ask(method: string, path: string, body = ''): Promise<[number, unknown]> {
  const client = await world.run(world.connect('tcp:127.0.0.1:80'))
  const head = `${method} ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json`
  client.write(`${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  await world.run(client.whenClosed)
  const [, rest = ''] = client.text().split('\r\n\r\n')
  return [
    Number(client.text().slice(9, 12)),
    rest.startsWith('{') || rest.startsWith('[') ? JSON.parse(rest) : rest,
  ]
}

describe('web', () => {
  it('keeps notes and lists them', async () => {
    expect(await ask('POST', '/notes', '{"text":"hello"}')).toEqual([201, { id: 1, text: 'hello' }])
    expect(await ask('GET', '/notes')).toEqual([200, [{ id: 1, text: 'hello' }]])
  })

  it.each(['{}', '{"text":""}', '{"text":5}', '[]'])('refuses %s', async (body) => {
    expect((await ask('POST', '/notes', body))[0]).toBe(400)
    expect(kept).toEqual([])
  })

  it('answers with 503, and no word of why, when the table fails', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    failure = new Error('the password is secret')
    expect(await ask('GET', '/notes')).toEqual([503, { error: 'The database does not answer' }])
    expect(console.error).toHaveBeenCalledWith('the password is secret')
    vi.restoreAllMocks()
  })

  it('refuses what is no JSON', async () => {
    expect((await ask('POST', '/notes', '{'))[0]).toBe(400)
  })

  it('is healthy while it is ready', async () => {
    expect(await ask('GET', '/healthz')).toEqual([200, 'ok'])
    ready = false
    expect(await ask('GET', '/healthz')).toEqual([503, 'not ready'])
  })
})
