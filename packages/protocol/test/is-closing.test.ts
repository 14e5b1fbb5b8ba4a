import { expect, it } from 'vitest'
import { isClosing } from '../src/is-closing.ts'
import { FakeTransport } from './fake-transport.ts'

it('a transport closes when it says so; one that cannot say does not', () => {
  const transport = new FakeTransport()
  expect(isClosing(transport)).toBe(false)
  transport.loseConnection()
  expect(isClosing(transport)).toBe(true)
  expect(isClosing(Object.assign(new FakeTransport(), { disconnecting: undefined as never }))).toBe(false)
})
