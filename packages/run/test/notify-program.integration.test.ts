import { afterEach, describe, expect, it } from 'vitest'
import { notifyProgram } from '../src/notify-program.ts'
import { NotifyReceiver } from './support/notify-receiver.ts'

let receiver: NotifyReceiver | undefined

afterEach(() => receiver?.close())

describe('notifyProgram', { timeout: 20_000 }, () => {
  it('sends each message, in order, before it is closed', async () => {
    const name = `@sennit-program-${process.pid}-${Date.now()}`
    receiver = await NotifyReceiver.open(name)
    const errors: Error[] = []
    const transport = notifyProgram()(name, (error) => errors.push(error))
    for (let at = 0; at < 5; at++) transport.send(`STATUS=step ${at}`)
    transport.send('READY=1\nSTATUS=running')
    await transport.close()
    await receiver.until('READY=1')
    expect(receiver.texts.map((text) => text.trim())).toEqual([
      ...[0, 1, 2, 3, 4].map((at) => `STATUS=step ${at}`),
      'READY=1\nSTATUS=running',
    ])
    expect(errors).toEqual([])
  })

  it.each([
    ['no-such-program', 'ENOENT'],
    ['false', 'false ended with 1'],
  ])('tells once that %s does not do it, and tries no more', async (program, message) => {
    const errors: Error[] = []
    const transport = notifyProgram(program)('@nobody', (error) => errors.push(error))
    transport.send('READY=1')
    transport.send('STOPPING=1')
    await transport.close()
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining(message) as string })])
  })
})
