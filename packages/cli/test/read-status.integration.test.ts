import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createNetServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readStatus } from '../src/read-status.ts'
import { parseStatusAddress } from '../src/status-address.ts'
import { folderWith } from './support/folder.ts'

const folder = folderWith()
const servers: { close(): unknown; closeAllConnections?(): unknown }[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close()
    server.closeAllConnections?.()
  }
})

async function serve(
  listener: RequestListener,
  where: object = { port: 0, host: '127.0.0.1' },
): Promise<Server> {
  const server = createServer(listener).listen(where)
  servers.push(server)
  await once(server, 'listening')
  return server
}

function addressOf(server: { address(): unknown }): string {
  return `tcp:127.0.0.1:${(server.address() as AddressInfo).port}`
}

const read = (text: string, timeout?: number): Promise<string> =>
  readStatus(parseStatusAddress(text), timeout)

describe('readStatus', () => {
  it('asks for the document, over TCP, below a path, with a user, and leaves no connection', async () => {
    const seen: unknown[] = []
    const server = await serve(({ method, url, headers }, response) => {
      seen.push([method, url, headers.host, headers.authorization, headers.connection])
      response.end('{"é":1}')
    })
    const { port } = server.address() as AddressInfo
    expect(await read(`tcp:${port}`)).toBe('{"é":1}')
    await read(`http://me:x@127.0.0.1:${port}/below`)
    expect(seen).toEqual([
      ['GET', '/tree.json', `127.0.0.1:${port}`, undefined, 'close'],
      ['GET', '/below/tree.json', `127.0.0.1:${port}`, `Basic ${btoa('me:x')}`, 'close'],
    ])
  })

  it('asks for it over a UNIX socket', async () => {
    const path = join(folder, 'status.sock')
    await serve(({ headers }, response) => response.end(headers.host), { path })
    expect(await read(`unix:${path}`)).toBe('localhost')
  })

  it.each([
    [
      'nobody listens',
      async () => {
        const server = createNetServer().listen(0, '127.0.0.1')
        await once(server, 'listening')
        const address = addressOf(server)
        server.close()
        await once(server, 'close')
        return address
      },
      /^Cannot read the status of http:\/\/127\.0\.0\.1:\d+\/: nobody listens there \(ECONNREFUSED\)$/,
    ],
    [
      'there is no socket',
      () => `unix:${join(folder, 'nowhere')}`,
      /nowhere: there is no such socket \(ENOENT\)$/,
    ],
    [
      'it is no status page',
      async () => addressOf(await serve((_request, response) => response.writeHead(404).end())),
      /it answered 404 Not Found: is it the status page of Sennit\?$/,
    ],
    [
      'it goes away in the middle',
      async () =>
        addressOf(
          await serve((_request, response) => {
            response.write('{')
            response.destroy()
          }),
        ),
      /: (aborted|socket hang up|read ECONNRESET|terminated)/,
    ],
    [
      'it speaks no HTTP',
      async () => {
        const server = createNetServer((socket) => socket.end('220 smtp\r\n')).listen(0, '127.0.0.1')
        servers.push(server)
        await once(server, 'listening')
        return addressOf(server)
      },
      /Parse Error/,
    ],
  ])('says so when %s', async (_what, make, message) => {
    const address = await make()
    await expect(read(address)).rejects.toMatchObject({
      code: 'ERR_SENNIT_STATUS',
      message: expect.stringMatching(message),
    })
  })

  it.each([
    ['does not answer', () => {}],
    [
      'does not end',
      (_request: unknown, response: { write(text: string): unknown }) => void response.write('{'),
    ],
  ])('does not wait for ever when a process %s', async (_what, listener) => {
    const address = addressOf(await serve(listener as RequestListener))
    await expect(read(address, 0.2)).rejects.toThrow(/: it did not answer within 0\.2 s$/)
  })

  it('does not take in what is far too large', async () => {
    const piece = Buffer.alloc(1024 * 1024, 'x')
    const address = addressOf(
      await serve((_request, response) => {
        const more = (): void => {
          while (!response.destroyed && response.write(piece));
          if (!response.destroyed) response.once('drain', more)
        }
        more()
      }),
    )
    await expect(read(address)).rejects.toThrow(/too large for a status document/)
  })
})
