/**
 * The examples of the documentation: every `ts` fence of a Markdown file, as a module of its own.
 *
 * What an example does not show stands in comments around its fence: `<!-- prelude:` before it, `<!-- epilogue:` after it.
 *
 * @module
 */
import { readFileSync } from 'node:fs'

/** One fence. */
export interface Example {
  /** The file, as it was given. */
  readonly file: string
  /** The line of the fence, from 1. */
  readonly line: number
  /** The whole module: prelude, fence, epilogue. */
  readonly code: string
}

const FENCE =
  /(?:<!--\s*prelude:\s(?<prelude>(?:(?!-->)[\s\S])*)-->\s*)?^```ts\n(?<body>[\s\S]*?)^```$(?:\s*<!--\s*epilogue:\s(?<epilogue>(?:(?!-->)[\s\S])*)-->)?/gm

/** The examples in the text of a Markdown file. */
export function examplesIn(file: string, text: string): Example[] {
  return [...text.matchAll(FENCE)].map((match) => {
    const { prelude = '', body = '', epilogue = '' } = match.groups!
    const before = text.slice(0, match.index + match[0].indexOf('```ts'))
    return { file, line: before.split('\n').length, code: `${prelude}\n${body}\n${epilogue}\nexport {}\n` }
  })
}

/** The examples of a Markdown file. */
export function examplesOf(file: string): Example[] {
  return examplesIn(file, readFileSync(file, 'utf8'))
}
