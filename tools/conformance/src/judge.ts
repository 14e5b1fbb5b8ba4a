/**
 * How each behaviour stands, and what is wrong with the claims about it.
 *
 * @module
 */
import type { Behaviour, Section } from './behaviours.ts'
import type { Claim, Claims } from './claims.ts'
import type { Difference, Differences } from './differences.ts'

/** How one behaviour stands. */
export type Verdict = 'proven' | 'differs' | 'out' | 'missing'

/** All behaviours, and the faults: what keeps the count from being believed. */
export interface Judgement {
  /** By number. */
  readonly verdicts: ReadonlyMap<string, Verdict>
  readonly faults: readonly string[]
}

interface Evidence {
  readonly claims: readonly Claim[]
  readonly difference: Difference | undefined
}

/** Holds what the tests claim and what the page about the differences says against the list. */
export function judge(sections: readonly Section[], claims: Claims, differences: Differences): Judgement {
  const known = new Set(sections.flatMap(({ behaviours }) => behaviours.map(({ number }) => number)))
  const claimed = Map.groupBy(
    claims.claims.flatMap((claim) => claim.numbers.map((number) => ({ number, claim }))),
    ({ number }) => number,
  )
  const entries = Map.groupBy(
    differences.entries.flatMap((entry) => entry.numbers.map((number) => ({ number, entry }))),
    ({ number }) => number,
  )
  const faults = [
    ...malformedFaults(claims, differences),
    ...[...claimed].flatMap(([number, [first]]) =>
      known.has(number) || !first ? [] : [`${number} is not in the list: ${place(first.claim)}`],
    ),
    ...[...entries].flatMap(([number, { length }]) => [
      ...(known.has(number) ? [] : [`${number} is not in the list: differences.md`]),
      ...(length > 1 ? [`${number} has ${length} entries in differences.md`] : []),
    ]),
  ]
  const verdicts = new Map<string, Verdict>()
  for (const { behaviours, later } of sections) {
    for (const behaviour of behaviours) {
      const { number } = behaviour
      const [verdict, fault] = verdictOf(behaviour, {
        claims: (claimed.get(number) ?? []).map(({ claim }) => claim),
        difference: entries.get(number)?.[0]?.entry,
      })
      verdicts.set(number, verdict)
      if (fault && !(later && verdict === 'missing')) faults.push(`${number} ${fault}`)
    }
  }
  return { verdicts, faults }
}

function verdictOf({ out, text }: Behaviour, { claims, difference }: Evidence): [Verdict, string?] {
  const proof = claims.find(({ passed }) => passed)
  if (difference) return standingOf(difference, proof)
  if (proof) return [out === undefined ? 'proven' : 'out']
  if (out !== undefined) return ['out']
  const [first] = claims
  if (first) return ['missing', `is claimed only by tests that failed or were skipped: ${place(first)}`]
  return ['missing', `is claimed by no test, and has no entry in differences.md: ${text}`]
}

function standingOf({ standing }: Difference, proof: Claim | undefined): [Verdict, string?] {
  if (standing === 'differs') {
    if (!proof) return ['differs']
    return [
      'differs',
      `differs, and is claimed as well, so its entry should say 'differs, tested': ${place(proof)}`,
    ]
  }
  if (proof) return [standing === 'better' ? 'proven' : 'differs']
  return ['missing', `is '${standing}' in differences.md, but no test that passed claims it`]
}

function malformedFaults({ malformed }: Claims, differences: Differences): string[] {
  return [
    ...malformed.map((claim) => `a title begins with a number, but not as 'CS-25 does …': ${place(claim)}`),
    ...differences.malformed.map((line) => `an entry of differences.md is not of its form: ${line}`),
  ]
}

function place({ file, title }: Pick<Claim, 'file' | 'title'>): string {
  return `${file}, '${title}'`
}
