/**
 * What the page about the differences, `tools/docs/differences.md`, says about single behaviours. An entry begins with the
 * number and with how it stands, and goes on with the reason:
 *
 * - `- **TS-07** (differs): …`: Sennit deliberately does another thing, and no test claims the number;
 * - `- **CK-03** (differs, tested): …`: the same, and a test that begins with the number proves what Sennit does;
 * - `- **SE-05** (better): …`: counted as proven, because the tests of that number prove what was decided instead.
 *
 * @module
 */

/** How an entry says that a behaviour stands. */
type Standing = 'differs' | 'differs, tested' | 'better'

/** One entry of the page. */
export interface Difference {
  readonly numbers: readonly string[]
  readonly standing: Standing
}

/** What the page says, and the entries that are not of its form. */
export interface Differences {
  readonly entries: readonly Difference[]
  readonly malformed: readonly string[]
}

const ENTRY = /^- \*\*([A-Z]{2}-\d+(?:, [A-Z]{2}-\d+)*)\*\* \((differs|differs, tested|better)\): \S/
const ENTRY_LIKE = /^\s*[-*] \**[A-Z]{2}-\d/

/** Takes the text of the page apart. */
export function parseDifferences(text: string): Differences {
  const entries: Difference[] = []
  const malformed: string[] = []
  for (const line of text.split('\n')) {
    const [, numbers, standing] = ENTRY.exec(line) ?? []
    if (numbers) entries.push({ numbers: numbers.split(', '), standing: standing as Standing })
    else if (ENTRY_LIKE.test(line)) malformed.push(line)
  }
  return { entries, malformed }
}
