import { describe, expect, it } from 'vitest'
import { type GroupDatagram, MulticastGroups } from '../../../src/world/datagrams/multicast-groups.ts'
import { Machine } from '../../../src/world/network/machine.ts'

const GROUP = '239.1.1.1'
const [here, there] = [new Machine('here', 1, ['10.0.0.1']), new Machine('there', 2, ['10.0.0.2'])]

/** Members on both machines, and on the loopback interface of one. */
function newGroups() {
  const groups = new MulticastGroups()
  const member = (machine: Machine, on: string) => ({ machine, on, port: 9, receiver: { receive() {} } })
  const members = {
    here: member(here, '10.0.0.1'),
    loopback: member(here, '127.0.0.1'),
    there: member(there, '10.0.0.2'),
  }
  const leave = Object.values(members).map((each) => groups.join(GROUP, each)!)
  const reached = (more: Partial<GroupDatagram> = {}) => {
    const usual = { group: GROUP, port: 9, from: here, by: '10.0.0.1', ttl: 1, loopback: true }
    const got = groups.reached({ ...usual, ...more })
    return Object.entries(members).flatMap(([name, each]) => (got.includes(each) ? [name] : []))
  }
  return { groups, members, leave, reached }
}

describe('MulticastGroups', () => {
  it('reaches all machines, and the own one by the interface that it left by', () => {
    expect(newGroups().reached()).toEqual(['here', 'there'])
  })

  it('stays on the machine with a TTL of 0, and by the loopback interface', () => {
    const { reached } = newGroups()
    expect(reached({ ttl: 0 })).toEqual(['here'])
    expect(reached({ by: '127.0.0.1' })).toEqual(['loopback'])
  })

  it('leaves out the own machine without the loopback mode', () => {
    expect(newGroups().reached({ loopback: false })).toEqual(['there'])
  })

  it('reaches only the group and the port', () => {
    const { reached } = newGroups()
    expect(reached({ port: 10 })).toEqual([])
    expect(reached({ group: '239.1.1.2' })).toEqual([])
  })

  it('lets nobody join twice, and everybody leave', () => {
    const { groups, members, leave, reached } = newGroups()
    expect(groups.join(GROUP, { ...members.here })).toBeUndefined()
    for (const each of leave) each()
    expect(reached()).toEqual([])
  })
})
