/**
 * Round trips over TLS, one in flight on each connection: `node tls-load.ts tls PORT CONNECTIONS BYTES WARMUP OPERATIONS AGE`. It says what
 * the loads of `epoll.c` say.
 *
 * @module
 */
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, type TLSSocket } from 'node:tls'

const [port = 0, connections = 0, bytes = 0, warmUp = 0, operations = 0, age = 0] = process.argv
  .slice(3)
  .map(Number)
const message = Buffer.alloc(bytes, 'x')
const sockets: TLSSocket[] = []
const missing: number[] = []
let begun = 0
let finished = 0
let wanted = 0
let done = (): void => {}

function begin(connection: number): void {
  if (begun === wanted) return
  begun++
  missing[connection] = bytes
  sockets[connection]!.write(message)
}

function roundTrips(count: number): Promise<void> {
  begun = finished = 0
  wanted = count
  const promise = new Promise<void>((resolve) => (done = resolve))
  for (let connection = 0; connection < connections; connection++) begin(connection)
  return promise
}

for (let connection = 0; connection < connections; connection++) {
  const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false })
  await once(socket, 'secureConnect')
  socket.setNoDelay(true)
  socket.on('data', (data) => {
    missing[connection]! -= data.length
    if (missing[connection]! > 0) return
    if (++finished === wanted) done()
    else begin(connection)
  })
  sockets.push(socket)
}
const connectedAt = performance.now()
await roundTrips(warmUp)
if (age > 0) {
  await sleep(Math.max(0, connectedAt + age - performance.now()))
  await roundTrips(warmUp)
}
process.stdout.write('ready\n')
for await (const _line of createInterface({ input: process.stdin })) {
  const start = performance.now()
  await roundTrips(operations)
  process.stdout.write(`done ${(performance.now() - start) / 1000}\n`)
}
process.exit()
