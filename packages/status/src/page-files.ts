/**
 * The files of the page: they lie beside the code, and are read once.
 *
 * @module
 */
import { readdirSync, readFileSync } from 'node:fs'

/** A file, as it is sent. */
export interface PageFile {
  readonly type: string
  readonly body: Buffer
}

const FOLDER = new URL('../page/', import.meta.url)

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  json: 'application/schema+json; charset=utf-8',
}

let files: ReadonlyMap<string, PageFile> | undefined

/** The files by their path on the server; the page itself is `'/'`. */
export function pageFiles(): ReadonlyMap<string, PageFile> {
  return (files ??= readAll())
}

function readAll(): ReadonlyMap<string, PageFile> {
  const found = new Map<string, PageFile>()
  for (const name of readdirSync(FOLDER)) {
    const type = TYPES[name.slice(name.lastIndexOf('.') + 1)]
    if (type === undefined || name.startsWith('tsconfig')) continue
    found.set(name === 'index.html' ? '/' : `/${name}`, { type, body: readFileSync(new URL(name, FOLDER)) })
  }
  return found
}
