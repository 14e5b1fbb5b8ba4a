// Asks as fast as it is answered, until its input ends. `load.mjs PORT CLIENTS`: half of the clients keep their connection as long as the
// server lets them, the others make one for each question; some answers are slow, some are large.
// Every question that is not answered whole and well is counted, nothing is asked a second time.
import { createConnection } from 'node:net'

const [port, clients] = process.argv.slice(2).map(Number)
/** `lost`: asked, and not answered; `cut`: connected, and could not ask; `refused`: could not connect. */
const result = { answered: 0, lost: 0, cut: 0, refused: 0, causes: {}, slowest: 0, answers: {} }
let over = false
process.stdin.resume().on('end', () => (over = true))
setInterval(() => process.stdout.write(`${result.answered}\n`), 100).unref()

const count = (what, cause) => {
  result[what]++
  const key = `${what}: ${cause}`
  result.causes[key] = (result.causes[key] ?? 0) + 1
}

const pathOf = (number) => (number % 50 === 0 ? '/slow' : number % 50 === 25 ? '/large' : '/')

let questions = 0

/** The answer, when all of it is there. */
function answerIn(text) {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1])
  if (text.length < end + 4 + length) return undefined
  return {
    status: Number(text.slice(9, 12)),
    last: /connection: close/i.test(text.slice(0, end)),
    body: text.slice(end + 4),
  }
}

/** Asks on one connection until it may not be used any more. */
function connection(keep) {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1').setEncoding('latin1')
    let state = 'connecting'
    let asked = 0
    let text = ''
    const ask = () => {
      state = 'asking'
      asked = performance.now()
      socket.write(
        `GET ${pathOf(questions++)} HTTP/1.1\r\nHost: x\r\n${keep ? '' : 'Connection: close\r\n'}\r\n`,
      )
    }
    socket.once('connect', ask)
    socket.on('data', (chunk) => {
      text += chunk
      const answer = answerIn(text)
      if (answer === undefined) return
      const { status, last, body } = answer
      // A large answer is its own last word, many times.
      const isWhole = status === 200 && (body.length < 1000 || /^(\w+ \d+\n)\1+$/.test(body))
      if (isWhole) {
        result.answered++
        result.slowest = Math.max(result.slowest, performance.now() - asked)
        const key = body.slice(0, 40).split('\n')[0]
        result.answers[key] = (result.answers[key] ?? 0) + 1
      } else count('lost', `${status}`)
      text = ''
      state = 'answered'
      if (last || !keep || over) socket.end()
      else ask()
    })
    let cause = 'ended'
    socket.on('error', (error) => (cause = error.code))
    socket.on('close', () => {
      if (state === 'asking') count('lost', text === '' ? cause : `${cause} in the middle of an answer`)
      else if (state === 'connecting') count(cause === 'ECONNREFUSED' ? 'refused' : 'cut', cause)
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
