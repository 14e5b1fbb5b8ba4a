/**
 * The face of a package as one text, `api.md`: what a change does to it is seen in the change.
 *
 * @module
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor'
import type { Fault } from '@sennit/checks/fault'
import type { Candidate } from './gate.ts'

const NONE = { logLevel: ExtractorLogLevel.None }

/** The report of a package that is built. */
export function apiReport({ folder }: Pick<Candidate, 'folder'>): string {
  const place = mkdtempSync(join(tmpdir(), 'sennit-api-'))
  try {
    const entry = join(folder, 'dist/index.d.ts')
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: folder,
        mainEntryPointFilePath: entry,
        compiler: { overrideTsconfig: { compilerOptions: compilerOptions(folder), files: [entry] } },
        apiReport: {
          enabled: true,
          reportFolder: place,
          reportTempFolder: join(place, 'new'),
          reportFileName: 'face.api.md',
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: {
          compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Error } },
          extractorMessageReporting: { default: NONE },
          tsdocMessageReporting: { default: NONE },
        },
        newlineKind: 'lf',
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
    })
    const errors: string[] = []
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        if (message.logLevel === ExtractorLogLevel.Error) errors.push(message.text)
        message.handled = true
      },
    })
    if (errors.length > 0) throw new Error(`Cannot read ${entry}: ${errors.join('; ')}`)
    return readFileSync(join(place, 'face.api.md'), 'utf8')
  } finally {
    rmSync(place, { recursive: true })
  }
}

/** Compares a report with the one that is committed. */
export function apiFaults({ folder, name }: Candidate, report: string): Fault[] {
  const path = join(folder, 'api.md')
  const committed = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (committed === report) return []
  const line = firstDifference(committed.split('\n'), report.split('\n'))
  const wrong = committed === '' ? 'it is missing' : `the face of the package is another one: ${line}`
  const mend = `'pnpm hygiene --write', and write down in a changeset what users see of it.`
  return [{ file: `packages/${name}/api.md`, wrong, mend }]
}

function firstDifference(before: readonly string[], after: readonly string[]): string {
  const at = after.findIndex((line, index) => line !== before[index])
  return at < 0 ? `'${before[after.length]}' is gone` : `line ${at + 1} would be '${after[at]}'`
}

function compilerOptions(folder: string): object {
  return {
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable'],
    types: ['node'],
    typeRoots: [join(folder, 'node_modules/@types')],
    skipLibCheck: true,
    noEmit: true,
  }
}
