/**
 * Around the examples of `@sennit/service`.
 *
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { handler } from '@sennit/protocol'
import { serve } from './common.ts'

/** A folder that is gone when it is disposed of. */
export const mkdtempDisposable = (prefix: string): Disposable & { readonly path: string } => {
  const path = mkdtempSync(prefix)
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true }) }
}

export const bell = handler(serve)
