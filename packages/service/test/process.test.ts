import { describe, expect, it } from 'vitest'
import { Process } from '../src/index.ts'

describe('Process', () => {
  it('AP-03 keeps the ids and the name, none unless given', () => {
    expect(new Process()).toMatchObject({ uid: undefined, gid: undefined, processName: undefined })
    expect(new Process({ uid: 0, gid: 'nogroup', processName: 'x' })).toMatchObject({
      uid: 0,
      gid: 'nogroup',
      processName: 'x',
    })
  })

  it.each([
    ['uid', -1],
    ['uid', 1.5],
    ['uid', Number.NaN],
    ['uid', ''],
    ['uid', null],
    ['gid', {}],
    ['gid', -1],
    ['processName', ''],
    ['processName', 7],
  ])('refuses %s %s', (option, value) => {
    expect(() => new Process({ [option]: value })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_SERVICE_OPTION', option }),
    )
  })
})
