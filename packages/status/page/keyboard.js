/**
 * What a key does in the tree, as in every tree: arrows walk, and open and close; Home and End; letters lead to a name.
 *
 * @module
 */

/** @typedef {import('./outline.js').Entry} Entry */

/**
 * Where to go, and what to open (`true`) or close.
 *
 * @typedef {{ readonly go: number } | { readonly open: boolean, readonly paths: readonly string[] } | { readonly toggle: true }} Action
 */

/**
 * @param {string} key - as `KeyboardEvent.key` has it
 * @param {readonly Entry[]} entries
 * @param {number} index - where the focus is
 * @returns {Action | undefined} nothing for keys that are not for the tree
 */
export function actionOf(key, entries, index) {
  const entry = entries[index]
  if (entry === undefined) return undefined
  switch (key) {
    case 'ArrowDown':
      return { go: Math.min(index + 1, entries.length - 1) }
    case 'ArrowUp':
      return { go: Math.max(index - 1, 0) }
    case 'Home':
      return { go: 0 }
    case 'End':
      return { go: entries.length - 1 }
    case 'ArrowRight':
      if (entry.open === true) return { go: index + 1 }
      return entry.open === false ? { open: true, paths: [entry.node.path] } : undefined
    case 'ArrowLeft':
      if (entry.open === true) return { open: false, paths: [entry.node.path] }
      return { go: parentOf(entries, index) }
    case 'Enter':
    case ' ':
      return { toggle: true }
    case '*':
      return { open: true, paths: siblingsOf(entries, index) }
    default:
      return goToName(key, entries, index)
  }
}

/**
 * @param {readonly Entry[]} entries
 * @param {number} index
 */
function parentOf(entries, index) {
  const level = entries[index]?.level ?? 1
  for (let above = index - 1; above >= 0; above--) {
    if ((entries[above]?.level ?? 0) < level) return above
  }
  return index
}

/**
 * The branches beside a row, and the row's own.
 *
 * @param {readonly Entry[]} entries
 * @param {number} index
 */
function siblingsOf(entries, index) {
  const { level = 1 } = entries[index] ?? {}
  const first = parentOf(entries, index)
  /** @type {string[]} */
  const paths = []
  for (const entry of entries.slice(level === 1 ? 0 : first + 1)) {
    if (entry.level < level) break
    if (entry.level === level && entry.open !== undefined) paths.push(entry.node.path)
  }
  return paths
}

/**
 * The next row whose name begins with a letter.
 *
 * @param {string} key
 * @param {readonly Entry[]} entries
 * @param {number} index
 * @returns {Action | undefined}
 */
function goToName(key, entries, index) {
  if (!/^[\p{L}\p{N}_]$/u.test(key)) return undefined
  for (let step = 1; step <= entries.length; step++) {
    const at = (index + step) % entries.length
    const { node } = /** @type {Entry} */ (entries[at])
    if ((node.name ?? node.kind).toLowerCase().startsWith(key.toLowerCase())) return { go: at }
  }
  return undefined
}
