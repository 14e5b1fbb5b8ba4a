import { describe, expect, it } from 'vitest'
import { importsOf } from '../src/readme-examples.ts'

describe('importsOf', () => {
  it('names the packages, with their scope and without their subpaths, once', () => {
    const from = ['@sennit/interfaces/time', '@sennit/interfaces', 'express', 'node:fs/promises', './own.js']
    const code = from.map((each) => `import { a } from '${each}'`).join('\n')
    const bare = 'reflect/things'
    expect(importsOf(`${code}\nimport '${bare}'\n`)).toEqual(['@sennit/interfaces', 'express', 'reflect'])
  })
})
