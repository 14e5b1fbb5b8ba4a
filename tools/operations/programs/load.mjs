// Asks as fast as it is answered, until its input ends; every question that is not answered whole is lost, whatever became of it.
// `load.mjs PORT CLIENTS`: half of the clients keep their connection as long as the server lets them, the others make one for each question.
import { createConnection } from 'node:net'

const [port, clients] = process.argv.slice(2).map(Number)
const result = { answered: 0, lost: 0, causes: {}, generations: {} }
let over = false
process.stdin.resume().on('end', () => (over = true))
setInterval(() => process.stdout.write(`${result.answered}\n`), 100).unref()

const lose = (cause) => {
  result.lost++
  result.causes[cause] = (result.causes[cause] ?? 0) + 1
}

/** Asks on one connection until it may not be used any more. */
function connection(keep) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1').setEncoding('latin1')
    let text = ''
    let waiting = false
    let number = 0
    const ask = () => {
      waiting = true
      const path = number++ % 50 === 0 ? '/slow' : '/'
      socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n${keep ? '' : 'Connection: close\r\n'}\r\n`)
    }
    socket.once('connect', ask)
    socket.on('data', (chunk) => {
      text += chunk
      const head = text.indexOf('\r\n\r\n')
      if (head < 0) return
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1])
      if (text.length < head + 4 + length) return
      const body = text.slice(head + 4)
      result.answered++
      result.generations[body] = (result.generations[body] ?? 0) + 1
      waiting = false
      const last = /connection: close/i.test(text) || !keep || over
      text = ''
      if (last) socket.end()
      else ask()
    })
    let cause = 'closed'
    socket.on('error', (error) => (cause = error.code))
    socket.on('close', () => {
      if (waiting || number === 0) lose(cause)
      resolve()
    })
  })
}

await Promise.all(
  Array.from({ length: clients }, async (_, at) => {
    while (!over) await connection(at % 2 === 0)
  }),
)
process.stdout.write(`${JSON.stringify(result)}\n`)
process.exit(0)
