import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { brokenLinks } from '../src/links.ts'
import { GitRepository } from '../src/repository.ts'

describe('the repository', () => {
  it('has Markdown files whose links all lead somewhere', { timeout: 30_000 }, () => {
    const repository = new GitRepository(join(import.meta.dirname, '../../..'))
    const documents = repository.documents()
    expect(documents).toContain('tools/docs/differences.md')
    expect(documents.flatMap((document) => brokenLinks(document, repository))).toEqual([])
  })

  it('is what git knows: a broken link is found on disk, and what is ignored or gone does not count', () => {
    const root = mkdtempSync(join(tmpdir(), 'links-'))
    onTestFinished(() => rmSync(root, { recursive: true }))
    execFileSync('git', ['init', '-q'], { cwd: root })
    mkdirSync(join(root, 'docs/made'), { recursive: true })
    writeFileSync(join(root, '.gitignore'), 'made\n')
    writeFileSync(join(root, 'docs/made/page.md'), '# Made\n')
    writeFileSync(join(root, 'docs/gone.md'), '# Gone\n')
    execFileSync('git', ['add', 'docs/gone.md'], { cwd: root })
    rmSync(join(root, 'docs/gone.md'))
    writeFileSync(
      join(root, 'README.md'),
      '[a](docs/page.md#page)\n[b](docs/made/page.md)\n[c](docs/gone.md)\n',
    )
    writeFileSync(join(root, 'docs/page.md'), '# Page\n\n[back](../README.md)\n')

    const repository = new GitRepository(root)
    expect(repository.documents()).toEqual(['README.md', 'docs/page.md'])
    expect(repository.documents().flatMap((document) => brokenLinks(document, repository))).toEqual([
      'README.md:2: docs/made/page.md: there is no docs/made/page.md',
      'README.md:3: docs/gone.md: there is no docs/gone.md',
    ])
  })
})
