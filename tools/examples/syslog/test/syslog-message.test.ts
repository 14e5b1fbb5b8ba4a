import { describe, expect, it } from 'vitest'
import { readSyslog } from '../src/syslog-message.ts'

const read = (text: string): unknown => readSyslog(Buffer.from(text))

describe('readSyslog', () => {
  it('reads the old form, with and without a process and a host', () => {
    const head = { facility: 'daemon', severity: 'warning', time: 'Nov  6 12:50:01', app: 'backup' }
    expect(read('<28>Nov  6 12:50:01 backup[77]: nearly full\n')).toEqual({
      ...head,
      pid: 77,
      text: 'nearly full',
    })
    expect(read('<28>Nov  6 12:50:01 host backup: nearly: full')).toEqual({ ...head, text: 'nearly: full' })
  })

  it('reads the new form, whatever the structured data has in it', () => {
    expect(
      read(
        String.raw`<165>1 2026-11-26T12:50:01.003Z host app 8 ID47 [a@1 b="x \" ] y"][c@1] ` +
          '\ufeffit is done',
      ),
    ).toEqual({
      facility: 'local4',
      severity: 'notice',
      time: '2026-11-26T12:50:01.003Z',
      app: 'app',
      pid: 8,
      text: 'it is done',
    })
    expect(read('<14>1 - - app worker-1 - - hi')).toMatchObject({ app: 'app', pid: 'worker-1', text: 'hi' })
    expect(read('<14>1 - - - - - -')).toEqual({ facility: 'user', severity: 'info', text: '' })
  })

  it('keeps what is in no form as text', () => {
    expect(read('<0>panic!')).toEqual({ facility: 'kernel', severity: 'emergency', text: 'panic!' })
  })

  it.each(['', 'hello', '<>x', '<192>x', '<1234>x'])('takes no %j', (text) => {
    expect(read(text)).toBeUndefined()
  })
})
