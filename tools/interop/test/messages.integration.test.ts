import { clientFromString } from '@sennit/endpoints'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Conversations } from '../src/conversation.ts'
import { generated, type Draw } from '../src/generated.ts'
import { KINDS, receiver, type Kind } from '../src/receivers.ts'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { served, TCP } from './streams.ts'

const MANY = 500
const LIMIT = 1000

interface Report {
  readonly reason: string
  readonly received: readonly string[]
}

/** A message that the kind can carry: a line has no delimiter in it, nor has it when it is turned round. */
function drawMessage(kind: Kind, draw: Draw): Buffer {
  const most = kind === 'Int8' ? 255 : LIMIT
  const length = draw.one([0, 1, most, draw.integer(0, most)])
  const least = kind.endsWith('Lines') ? 0x20 : 0
  return Buffer.from(draw.many(length, length, () => draw.integer(least, 255)))
}

/** Sends the messages at once, and closes when as many have come. */
function asking(kind: Kind, messages: readonly Buffer[]): Conversations<Report> {
  return new Conversations((reports) => {
    const received: string[] = []
    return receiver(kind, LIMIT, {
      made: (own) => messages.forEach((message) => own.sendMessage(message)),
      message: (message, own) => {
        received.push(message.toString('hex'))
        if (received.length === messages.length) own.transport.loseConnection()
      },
      lost: ({ name }) => reports.put({ reason: name, received }),
    })
  })
}

/** Answers each message with its reverse. */
function answering(kind: Kind): Conversations<Report> {
  return new Conversations((reports) => {
    const received: string[] = []
    return receiver(kind, LIMIT, {
      message: (message, own) => {
        received.push(message.toString('hex'))
        own.sendMessage(message.toReversed())
      },
      lost: ({ name }) => reports.put({ reason: name, received }),
    })
  })
}

describe.skipIf(!twistedIsThere)('messages to and from Twisted', () => {
  let twisted: Twisted

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(() => twisted[Symbol.asyncDispose]())

  it.each(KINDS)('%s: our client and their server understand each other', async (kind) => {
    const messages = generated(`messages ${kind}`, MANY, (draw) => drawMessage(kind, draw))
    const server = await twisted.listen(TCP.theirServer(), kind, { reverse: true })
    const factory = asking(kind, messages)
    await clientFromString(TCP.toTheirs(server)).connect(factory)
    const { reason, received } = await factory.reports.next()
    expect(received).toEqual(messages.map((message) => Buffer.from(message.toReversed()).toString('hex')))
    expect(reason).toBe('ConnectionDone')
    expect((await twisted.report(server)).received).toEqual(
      messages.map((message) => message.toString('hex')),
    )
  })

  it.each(KINDS)('%s: their client and our server understand each other', async (kind) => {
    const messages = generated(`messages ${kind}`, MANY, (draw) => drawMessage(kind, draw))
    const factory = answering(kind)
    const to = await served(TCP, factory)
    const hex = messages.map((message) => message.toString('hex'))
    const client = await twisted.connect(to, kind, { send: hex, until: MANY })
    const { reason, received } = await twisted.report(client)
    expect(received).toEqual(messages.map((message) => Buffer.from(message.toReversed()).toString('hex')))
    expect(reason).toBe('ConnectionDone')
    expect((await factory.reports.next()).received).toEqual(hex)
  })
})
