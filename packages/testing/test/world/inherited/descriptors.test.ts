import { describe, expect, it } from 'vitest'
import { Descriptors, OpenDatagramSocket, OpenListener } from '../../../src/world/inherited/descriptors.ts'

describe('Descriptors', () => {
  it('EP-61 numbers begin at 3', () => {
    const descriptors = new Descriptors()
    const socket = new OpenDatagramSocket()
    const fd = descriptors.add({ kind: 'datagram', family: 'INET', socket, address: '0.0.0.0', port: 53 })
    expect(fd).toBe(3)
    descriptors.inherit(fd, 'dns')
    expect(descriptors.inherited).toEqual([{ fd: 3, name: 'dns' }])
    expect(descriptors.take(fd, 'INET', 'datagram').socket).toBe(socket)
    expect(() => descriptors.take(fd, 'INET', 'datagram')).toThrow(expect.objectContaining({ option: 'fd' }))
    socket.receive()
  })

  it('a listener keeps what comes until it is taken', () => {
    const listener = new OpenListener()
    const connection = {} as never
    listener.accept(connection)
    expect(listener.taken()).toEqual([connection])
    expect(listener.taken()).toEqual([])
  })
})
