/**
 * Tells a service manager by a program, where there is no socket for it.
 *
 * @module
 */
import { spawn } from 'node:child_process'
import type { MakeNotifyTransport } from './notify-transport.ts'

/** Sends each message by a run of `program`, one after the other, so that they come in order. */
export function notifyProgram(program = 'systemd-notify'): MakeNotifyTransport {
  return (socket, onError) => {
    let last: Promise<void> = Promise.resolve()
    let failed = false
    const send = async (message: string): Promise<void> => {
      if (failed) return
      try {
        await ranWell(program, ['--no-block', ...message.split('\n')], socket)
      } catch (error) {
        failed = true
        onError(error as Error)
      }
    }
    return {
      send: (message) => {
        last = last.then(() => send(message))
      },
      close: () => last,
    }
  }
}

function ranWell(program: string, args: readonly string[], socket: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { PATH: process.env['PATH'], NOTIFY_SOCKET: socket }
    const child = spawn(program, args, { env, stdio: 'ignore' })
    child.once('error', reject)
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else reject(new Error(`${program} ended with ${code ?? signal}`))
    })
  })
}
