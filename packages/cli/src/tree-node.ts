/**
 * A tree as it is shown: of services that are not started, or of a status document.
 *
 * @module
 */
import type { Fact, Seconds } from '@sennit/interfaces'

/** One line of the tree, and those below it. */
export interface TreeNode {
  readonly label: string
  readonly kind: string
  /** Absent when it says nothing. */
  readonly state?: string | undefined
  /** When the state was entered, in seconds since 1970. */
  readonly since?: Seconds | undefined
  readonly error?: string | undefined
  readonly facts: readonly (readonly [name: string, value: Fact])[]
  readonly children: readonly TreeNode[]
}
