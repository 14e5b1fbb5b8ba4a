/**
 * The first source of a package that knows no clock: a value with a checked option, and the error for a wrong one.
 *
 * @module
 */
import type { FirstSource } from './package-files.ts'
import type { NewPackage } from './plan.ts'

/** A function of one options object that is checked where it enters. */
export function plainSource({ short, name, factory }: NewPackage): FirstSource {
  const pascal = factory.charAt(0).toUpperCase() + factory.slice(1)
  const [options, error] = [`${pascal}Options`, `${pascal}OptionError`]
  const code = `ERR_SENNIT_${short.replaceAll('-', '_').toUpperCase()}_OPTION`
  const action = `make what ${short} makes`
  const source = `/**
 * The first source of this package, to be replaced: a value with a checked option.
 *
 * @module
 */
import { ${error} } from './errors.ts'

/** Options of \`${factory}\`. */
export interface ${options} {
  /** A whole number, 1 or more. @defaultValue 1 */
  readonly limit?: number
}

/**
 * Makes a list of the numbers below a limit.
 *
 * @throws ${error} (\`${code}\`) when the limit is no such number
 * @example
 * \`\`\`ts
 * import { ${factory} } from '${name}'
 *
 * ${factory}({ limit: 3 }) // 0, 1, 2
 * \`\`\`
 */
export function ${factory}({ limit = 1 }: ${options} = {}): readonly number[] {
  if (!Number.isInteger(limit) || limit < 1) {
    throw new ${error}('${action}', 'limit', 'a whole number, 1 or more', limit)
  }
  return Array.from({ length: limit }, (_, index) => index)
}
`
  const errors = `/**
 * Errors of this package.
 *
 * @module
 */

/** An option is not what it must be. */
export class ${error} extends TypeError {
  override readonly name = '${error}'
  readonly code = '${code}'
  /** The option, such as \`'limit'\`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    const shown = typeof value === 'string' ? JSON.stringify(value) : String(value)
    super(\`Cannot \${action}: '\${option}' must be \${wanted}, got \${shown}\`)
    this.option = option
  }
}
`
  const test = `import { describe, expect, it } from 'vitest'
import { ${factory} } from '../src/index.ts'

describe('${factory}', () => {
  it('lists the numbers below the limit, which is 1 when nothing is said', () => {
    expect(${factory}({ limit: 3 })).toEqual([0, 1, 2])
    expect(${factory}()).toEqual([0])
  })

  it.each([0, 1.5, NaN, '3'])('refuses the limit %j', (limit) => {
    expect(() => ${factory}({ limit: limit as number })).toThrow(
      expect.objectContaining({ code: '${code}', option: 'limit' }),
    )
  })
})
`
  const errorsTest = `import { describe, expect, it } from 'vitest'
import { ${error} } from '../src/index.ts'

describe('${error}', () => {
  it('says what cannot be done, which option is wrong, what it must be and what it is', () => {
    const error = new ${error}('begin', 'limit', 'a whole number', 'many')
    expect(error).toMatchObject({
      name: '${error}',
      code: '${code}',
      option: 'limit',
      message: \`Cannot begin: 'limit' must be a whole number, got "many"\`,
    })
    expect(error).toBeInstanceOf(TypeError)
  })
})
`
  return {
    files: {
      [`src/${short}.ts`]: source,
      'src/errors.ts': errors,
      [`test/${short}.test.ts`]: test,
      'test/errors.test.ts': errorsTest,
    },
    bytes: 700,
    face: [error, factory].toSorted(),
    exports: `export { ${error} } from './errors.ts'\nexport { ${factory}, type ${options} } from './${short}.ts'\n`,
    example:
      `import { strict as assert } from 'node:assert'\nimport { ${factory} } from '${name}'\n\n` +
      `assert.deepEqual(${factory}({ limit: 3 }), [0, 1, 2])\n`,
    table:
      `| \`${factory}({ limit })\` | the numbers below \`limit\` |\n` +
      `| \`${error}\` | \`${code}\`: an option is not what it must be; \`option\` names it |\n`,
    behaviour: `- \`limit\` is a whole number, 1 or more; 1 by default. Anything else throws \`${code}\`.\n`,
  }
}
