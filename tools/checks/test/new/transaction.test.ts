import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { Transaction } from '../../src/new/transaction.ts'

function folder(): string {
  const root = mkdtempSync(join(tmpdir(), 'sennit-new-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'old'))
  writeFileSync(join(root, 'old/file'), 'before')
  return root
}

it('writes files and the folders that they need', () => {
  const root = folder()
  const transaction = new Transaction(root)
  transaction.run(() => transaction.write('new/deep/file', 'text'))
  expect(readFileSync(join(root, 'new/deep/file'), 'utf8')).toBe('text')
})

it('undoes everything when something fails, and tells why', () => {
  const root = folder()
  const transaction = new Transaction(root)
  const body = (): void => {
    transaction.write('new/deep/file', 'text')
    transaction.write('old/file', 'after')
    transaction.write('old/other', 'after')
    transaction.format()
  }
  expect(() => transaction.run(body)).toThrow('oxfmt')
  expect(existsSync(join(root, 'new'))).toBe(false)
  expect(existsSync(join(root, 'old/other'))).toBe(false)
  expect(readFileSync(join(root, 'old/file'), 'utf8')).toBe('before')
})
