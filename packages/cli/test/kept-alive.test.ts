import { expect, it } from 'vitest'
import { opened, openNow } from '../src/kept-alive.ts'

it('tells in words what was opened between two looks, once', () => {
  const before = ['TTYWrap', 'Timeout', 'PipeWrap']
  const after = ['PipeWrap', 'Timeout', 'Timeout', 'UDPWrap', 'TCPServerWrap', 'UDPWrap', 'FSReqCallback']
  expect(opened(before, after)).toEqual(['a timer', 'a UDP socket', 'a TCP server'])
  expect(opened(after, before)).toEqual([])
})

it('sees what keeps this process alive', () => {
  const before = openNow()
  const timer = setTimeout(() => {}, 60_000)
  expect(opened(before, openNow())).toEqual(['a timer'])
  clearTimeout(timer)
  expect(opened(before, openNow())).toEqual([])
})
