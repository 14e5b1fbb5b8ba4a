import { describe, expect, it } from 'vitest'
import { takeNotifySettings } from '../src/notify-socket.ts'

describe('takeNotifySettings', () => {
  it('takes the socket, and half of nothing else, out of the environment', () => {
    const env = { NOTIFY_SOCKET: '/run/notify', WATCHDOG_USEC: '3000000', WATCHDOG_PID: '7', PATH: '/bin' }
    expect(takeNotifySettings(env, 7)).toEqual({ socket: '/run/notify', watchdog: 3 })
    expect(env).toEqual({ PATH: '/bin' })
  })

  it.each([
    [{ NOTIFY_SOCKET: '@abstract' }, { socket: '@abstract', watchdog: undefined }],
    [
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '500000' },
      { socket: '/n', watchdog: 0.5 },
    ],
    [
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '500000', WATCHDOG_PID: '8' },
      { socket: '/n', watchdog: undefined },
    ],
    [
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: '0' },
      { socket: '/n', watchdog: undefined },
    ],
    [
      { NOTIFY_SOCKET: '/n', WATCHDOG_USEC: 'soon' },
      { socket: '/n', watchdog: undefined },
    ],
    [{ NOTIFY_SOCKET: '' }, undefined],
    [{ NOTIFY_SOCKET: 'relative' }, undefined],
    [{ NOTIFY_SOCKET: '@' }, undefined],
    [{ NOTIFY_SOCKET: 'vsock:2:1234' }, undefined],
    [{ WATCHDOG_USEC: '500000' }, undefined],
    [{}, undefined],
  ])('reads %j as %j, and leaves nothing of it', (env: Record<string, string>, settings) => {
    expect(takeNotifySettings(env, 7)).toEqual(settings)
    expect(env).toEqual({})
  })
})
