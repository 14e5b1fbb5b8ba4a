/**
 * The first source of a package that may use the clock: a wait that can be cancelled.
 *
 * @module
 */
import type { FirstSource } from './package-files.ts'
import type { NewPackage } from './plan.ts'
import { SCOPE } from '../workspace.ts'

/** A function of one options object, on an injected clock, that takes a signal. */
export function timedSource({ short, name, factory }: NewPackage): FirstSource {
  const options = `${factory.charAt(0).toUpperCase()}${factory.slice(1)}Options`
  const source = `/**
 * The first source of this package, to be replaced: a wait on an injected clock.
 *
 * @module
 */
${importOf('type { Duration, IReactorTime }', 'interfaces')}
${importOf('{ deferLater, systemClock }', 'runtime')}

/** Options of \`${factory}\`. */
export interface ${options} {
  /** How long to wait. @defaultValue \`'1s'\` */
  readonly delay?: Duration
  /** @defaultValue the system's */
  readonly clock?: IReactorTime
  /** Ends the wait; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/**
 * Waits.
 *
 * @throws DurationError (\`ERR_SENNIT_DURATION\`), as a rejection, when the delay is no duration
 * @throws the signal's reason, as a rejection
 * @example
 * \`\`\`ts
 * import { ${factory} } from '${name}'
 *
 * await ${factory}({ delay: '10ms' })
 * \`\`\`
 */
export async function ${factory}({ delay = '1s', clock = systemClock, signal }: ${options} = {}): Promise<void> {
  await deferLater(clock, delay, undefined, { signal })
}
`
  const test = `${importOf('{ Clock }', 'runtime')}
import { describe, expect, it } from 'vitest'
import { ${factory} } from '../src/index.ts'

describe('${factory}', () => {
  it('waits as long as it is told', async () => {
    const clock = new Clock()
    let done = false
    const waiting = ${factory}({ delay: '10s', clock }).then(() => (done = true))
    clock.advance('9s')
    await Promise.resolve()
    expect(done).toBe(false)
    clock.advance('1s')
    await waiting
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('waits a second of real time when it is told nothing', async () => {
    const waiting = ${factory}({ signal: AbortSignal.abort(new Error('enough')) })
    await expect(waiting).rejects.toThrow('enough')
  })

  it('ends with the reason of its signal, and leaves no timer', async () => {
    const clock = new Clock()
    const controller = new AbortController()
    const waiting = ${factory}({ clock, signal: controller.signal })
    expect(clock.getDelayedCalls()).toHaveLength(1)
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('refuses what is no duration', async () => {
    const waiting = ${factory}({ delay: 'soon' as never })
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_SENNIT_DURATION' })
  })
})
`
  return {
    files: { [`src/${short}.ts`]: source, [`test/${short}.test.ts`]: test },
    bytes: 300,
    face: [factory],
    exports: `export { ${factory}, type ${options} } from './${short}.ts'\n`,
    example: `import { ${factory} } from '${name}'\n\nawait ${factory}({ delay: '10ms' })\n`,
    table: `| \`${factory}({ delay, clock, signal })\` | waits |\n`,
    behaviour:
      `- \`delay\` is in seconds, or a number with its unit: \`'250ms'\`; a second by default. What is no duration rejects with` +
      ` \`ERR_SENNIT_DURATION\`.\n- An aborted \`signal\` ends the wait with its reason. With \`Clock\` of \`@sennit/runtime\`` +
      ` a test waits for nothing.\n`,
  }
}

/** The line, in words that the check of this tool's own imports does not take for one. */
function importOf(names: string, short: string): string {
  return `import ${names} from '${SCOPE}${short}'`
}
