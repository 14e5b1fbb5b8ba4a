/**
 * Whether a tarball is what Node, bundlers and TypeScript want: by publint, and by Are The Types Wrong.
 *
 * @module
 */
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import type { Fault } from '@sennit/checks/fault'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'

/** How those resolve who have no ES modules; the packages have nothing else. */
const WITHOUT_MODULES = ['node10', 'node16-cjs']

/** @param file - what is named in the faults */
export async function publintFaults(file: string, tarball: Uint8Array<ArrayBuffer>): Promise<Fault[]> {
  const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true })
  return messages.map((message) => {
    const wrong = formatMessage(message, pkg, { color: false }) ?? message.code
    return { file, wrong, mend: `see https://publint.dev/rules#${message.code.toLowerCase()}.` }
  })
}

/** @param file - what is named in the faults */
export async function typesFaults(file: string, tarball: Uint8Array): Promise<Fault[]> {
  const result = await checkPackage(createPackageFromTarballData(tarball))
  if (!result.types) return [{ file, wrong: 'it has no types', mend: 'build it.' }]
  return result.problems
    .filter((problem) => !('resolutionKind' in problem && WITHOUT_MODULES.includes(problem.resolutionKind)))
    .map((problem) => {
      const where = 'entrypoint' in problem ? ` of '${problem.entrypoint}'` : ''
      const mend = `run 'npx @arethetypeswrong/cli --pack . --profile esm-only' in the package.`
      return { file, wrong: `the types${where} are wrong: ${problem.kind}`, mend }
    })
}
