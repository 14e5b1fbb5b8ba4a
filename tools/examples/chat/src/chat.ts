/**
 * What happens on one connection: a nickname first, then lines for all, until either side ends it.
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import type { IStreamHandler } from '@sennit/interfaces'
import { handler, lines } from '@sennit/protocol'
import { Room } from './room.ts'

const NICKNAME = /^[\p{L}\p{N}_-]{1,20}$/u

/** A handler for any listener; all connections that it serves are in the same room. */
export function chat(room: Room = new Room()): IStreamHandler {
  return handler(async (socket, { signal }) => {
    const tell = (line: string) => socket.write(`${line}\n`)
    let name: string | undefined
    tell('* Your nickname?')
    try {
      // Lines that are longer than this end the connection.
      for await (const line of lines(socket, { signal, maxLength: 4096 })) {
        const text = printable(line)
        if (name === undefined) {
          if (!NICKNAME.test(text)) tell('* A nickname has up to 20 letters and digits. Your nickname?')
          else if (!room.enter(text, socket)) tell(`* ${text} is here already. Your nickname?`)
          else room.say(`* ${(name = text)} is here`)
        } else if (text === '/who') tell(`* ${room.names.join(', ')}`)
        else if (text === '/quit') return
        else if (text !== '') room.say(`${name}: ${text}`)
        // Nobody may send faster than it takes what it is told: this slows down who would flood the others.
        if (socket.writableNeedDrain) await drained(socket)
      }
    } finally {
      // Here by its own wish, because the connection is lost, or because the server stops.
      if (name !== undefined) room.leave(name)
      if (signal.aborted) tell('* The server stops. Goodbye!')
      else if (name !== undefined) room.say(`* ${name} has left`)
    }
  })
}

/** Without what would command the terminals of the others. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '').trim()
}

/** Settles when a stream takes more, or is gone. */
function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const settle = () => {
      socket.off('drain', settle).off('close', settle)
      resolve()
    }
    socket.on('drain', settle).on('close', settle)
  })
}
