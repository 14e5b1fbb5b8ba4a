import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'

const packageFolder = join(import.meta.dirname, '..')

it('runs a .ts module where Node can, and says elsewhere which Node it needs', { timeout: 180_000 }, () => {
  execFileSync(process.execPath, [join(packageFolder, '../../tools/build/build.js'), packageFolder])
  const folder = mkdtempSync(join(tmpdir(), 'sennit-'))
  try {
    symlinkSync(join(packageFolder, 'node_modules'), join(folder, 'node_modules'))
    writeFileSync(
      join(folder, 'app.ts'),
      `import { Application } from '@sennit/service'\nexport const application: Application = new Application('app', {}, [])\n`,
    )
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(packageFolder, 'dist/sennit.js'), 'run', 'app.ts', '--for', '10ms'],
      { cwd: folder, encoding: 'utf8' },
    )
    if ((process.features as { typescript?: unknown }).typescript) expect([status, stderr]).toEqual([0, ''])
    else {
      expect(status).toBe(1)
      expect(stderr).toBe(
        `sennit: Cannot run app.ts: TypeScript needs Node 22.18 or newer, this is Node ${process.versions.node}\n`,
      )
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
})
