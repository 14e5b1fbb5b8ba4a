/**
 * The Debian packages that tests talk to and this machine does not have.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'

/** @returns their names, as `.ci/debian` prints them; all of them where there is no Debian. */
export function missingPackages(root: string): string[] {
  const { stdout } = spawnSync('bash', ['.ci/debian'], { cwd: root, encoding: 'utf8' })
  return (stdout ?? '').split('\n').filter((name) => name !== '')
}
