/**
 * Servers of plain Node that are put under load: `node node-servers.ts NAME`. Each prints its port.
 *
 * They ask for no delay, as every port of the packages does, so that both do the same work.
 *
 * @module
 */
import { createSocket } from 'node:dgram'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { createServer as createTlsServer } from 'node:tls'
import { announce } from './announce.ts'

const HOST = '127.0.0.1'

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, HOST, () => resolve((server.address() as AddressInfo).port))
  })
}

function serving(serve: (socket: Socket) => void): Promise<number> {
  return listening(createServer({ noDelay: true }, serve))
}

function echo(socket: Socket): void {
  socket.on('error', ignore)
  socket.on('data', (data) => socket.write(data))
}

// Without a listener, an error would end the process.
function ignore(): void {}

async function echoLines(socket: Socket): Promise<void> {
  socket.on('error', ignore)
  for await (const line of createInterface({ input: socket, crlfDelay: Infinity })) {
    socket.write(`${line}\n`)
  }
}

announce({
  data: () => serving(echo),
  pipe: () =>
    serving((socket) => {
      socket.on('error', ignore)
      socket.pipe(socket)
    }),
  tls: async () => {
    const { key, cert } = await import('./certificate.ts')
    return listening(createTlsServer({ key, cert, noDelay: true }, echo))
  },
  dgram: () =>
    new Promise((resolve) => {
      const socket = createSocket('udp4')
      socket.on('message', (data, from) => socket.send(data, from.port, from.address))
      socket.bind(0, HOST, () => resolve(socket.address().port))
    }),
  readline: () => serving((socket) => void echoLines(socket)),
})
