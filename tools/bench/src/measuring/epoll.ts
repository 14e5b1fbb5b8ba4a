/**
 * The echo server and the loads in C, compiled when they are first needed.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../..')
const SOURCE = join(FOLDER, 'c/epoll.c')
const PROGRAM = join(FOLDER, 'node_modules/.bench/epoll')

let isFresh = false

/**
 * @returns the path of the program
 * @throws {Error} when there is no gcc, or it complains
 */
export function epoll(): string {
  isFresh ||= existsSync(PROGRAM) && statSync(PROGRAM).mtimeMs > statSync(SOURCE).mtimeMs
  if (!isFresh) {
    mkdirSync(join(PROGRAM, '..'), { recursive: true })
    execFileSync('gcc', ['-O2', '-Wall', '-Werror', '-o', PROGRAM, SOURCE], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    isFresh = true
  }
  return PROGRAM
}
