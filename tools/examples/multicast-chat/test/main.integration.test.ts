import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'
import { beforeAll, expect, it, onTestFinished } from 'vitest'

const here = join(import.meta.dirname, '..')

beforeAll(() => {
  const builder = join(here, '../../../tools/build/build.js')
  execFileSync(process.execPath, [builder, here], { stdio: 'inherit' })
}, 180_000)

interface Member {
  readonly child: ChildProcess
  readonly lines: AsyncIterator<string>
}

/** Starts a member of the chat, and waits until it is in the group. */
async function enter(name: string, port: number): Promise<Member> {
  const child = spawn(process.execPath, [join(here, 'dist/main.js'), name, '239.255.70.70', String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const output: Interface = createInterface({ input: child.stdout })
  const lines = output[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe(`${name} is in 239.255.70.70:${port}`)
  return { child, lines }
}

it('lets two processes hear each other, and leave in order', { timeout: 30_000 }, async () => {
  const port = 20_000 + (process.pid % 20_000)
  const [anna, bert] = [await enter('anna', port), await enter('bert', port)]
  anna.child.stdin!.write('hello, bert\n')
  expect((await bert.lines.next()).value).toBe('anna: hello, bert')
  bert.child.stdin!.write('hello, anna\n')
  expect((await anna.lines.next()).value).toBe('bert: hello, anna')
  anna.child.kill('SIGINT')
  expect(await once(anna.child, 'exit')).toEqual([0, null])
  bert.child.stdin!.end()
  expect(await once(bert.child, 'exit')).toEqual([0, null])
})
