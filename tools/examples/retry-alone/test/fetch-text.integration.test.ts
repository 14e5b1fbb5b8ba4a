import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { constantBackoff } from '@sennit/backoff'
import { describe, expect, it, onTestFinished } from 'vitest'
import { fetchText } from '../src/fetch-text.ts'

/** Does one thing for each request, the last for all that follow; and counts them. */
async function serve(...answers: readonly RequestListener[]) {
  const seen = { requests: 0, lost: 0, url: '' }
  const server = createServer((request, response) => {
    response.on('close', () => {
      if (!response.writableFinished) seen.lost++
    })
    answers[Math.min(seen.requests++, answers.length - 1)]!(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  seen.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  return seen
}

const status =
  (code: number, text = ''): RequestListener =>
  (_request, response) =>
    void response.writeHead(code).end(text)
const broken: RequestListener = (request) => void request.socket.destroy()
const silent: RequestListener = () => {}

const policy = constantBackoff('10ms')

describe('fetchText', () => {
  it('tries again after an answer of 500 and more, and after a broken connection', async () => {
    const server = await serve(status(503), broken, status(500), status(200, 'hello'))
    expect(await fetchText(server.url, { policy })).toBe('hello')
    expect(server.requests).toBe(4)
  })

  it.each([408, 429])('tries again after %i', async (code) => {
    const server = await serve(status(code), status(200, 'hello'))
    expect(await fetchText(server.url, { policy })).toBe('hello')
  })

  it.each([400, 401, 404, 410])('does not try again after %i', async (code) => {
    const server = await serve(status(code), status(200))
    await expect(fetchText(server.url, { policy })).rejects.toMatchObject({
      code: 'ERR_HTTP_STATUS',
      status: code,
    })
    expect(server.requests).toBe(1)
  })

  it('does not try an address again that is none', async () => {
    let waits = 0
    await expect(fetchText('nowhere', { policy: () => ++waits / 1000 })).rejects.toThrow('parse URL')
    expect(waits).toBe(0)
  })

  it('ends at its deadline, with what went wrong last, and leaves no request behind', async () => {
    const server = await serve(status(503), silent)
    const error: unknown = await fetchText(server.url, { policy, timeout: '200ms' }).catch((e: unknown) => e)
    expect(error).toMatchObject({ code: 'ERR_SENNIT_TIMEOUT', cause: { status: 503 } })
    await expect.poll(() => server.lost).toBe(1)
    expect(server.requests).toBe(2)
  })

  it('ends at once when its signal is aborted while it waits', async () => {
    const server = await serve(status(503))
    const { signal, abort } = abortable()
    const text = fetchText(server.url, { policy: constantBackoff('1h'), timeout: '2h', signal })
    await expect.poll(() => server.requests).toBe(1)
    abort(new Error('enough'))
    await expect(text).rejects.toThrow('enough')
  })

  it('ends the request in flight when its signal is aborted', async () => {
    const server = await serve(silent)
    const { signal, abort } = abortable()
    const text = fetchText(server.url, { signal })
    await expect.poll(() => server.requests).toBe(1)
    abort(new Error('enough'))
    await expect(text).rejects.toThrow('enough')
    await expect.poll(() => server.lost).toBe(1)
  })
})

function abortable() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: (reason: Error) => controller.abort(reason) }
}
