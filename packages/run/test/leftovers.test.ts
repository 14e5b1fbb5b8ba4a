import { describe, expect, it } from 'vitest'
import { keepsAlive } from '../src/leftovers.ts'
import { FakeProgram } from './support/fake-program.ts'

describe('keepsAlive', () => {
  it('counts what keeps the process alive, without the pipes of its output', () => {
    const program = new FakeProgram()
    program.resources = ['TTYWrap', 'PipeWrap', 'TCPSocketWrap', 'Timeout', 'TCPSocketWrap']
    expect(keepsAlive(program)).toEqual(['2 TCPSocketWrap', '1 Timeout'])
  })
})
