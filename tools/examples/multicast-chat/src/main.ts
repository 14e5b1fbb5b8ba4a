/**
 * A member of the chat: `node dist/main.js NAME [GROUP [PORT [INTERFACE]]]`; lines of the input are said, lines of the output are heard.
 *
 * @module
 */
import { createInterface } from 'node:readline'
import { run } from '@sennit/run'
import { Application, hooks } from '@sennit/service'
import { GroupChat } from './group-chat.ts'

const [name = 'somebody', group = '239.255.70.70', port = '7070', address = '127.0.0.1'] =
  process.argv.slice(2)

const chat = new GroupChat({ name, group, port: Number(port), interface: address }, ({ name: who, text }) =>
  console.log(`${who}: ${text}`),
)

const ended = new AbortController()
const input = createInterface({ input: process.stdin })
const end = () => ended.abort()
const keyboard = hooks('keyboard', {
  start: () => void input.on('line', (line) => chat.say(line)).once('close', end),
  stop: () => input.off('close', end).close(),
})

await run(new Application('multicast-chat', {}, [chat, keyboard]), {
  signal: ended.signal, // the end of the input (Ctrl-D) ends the chat as Ctrl-C does
  onReady: () => console.log(`${name} is in ${group}:${port}`),
})
