/**
 * The Markdown files that become pages of the site, in the order of the navigation.
 *
 * @module
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'

/** A heading of the navigation, and where the files below it lie. */
interface Section {
  readonly title: string
  /** The folder of its pages on the site. */
  readonly folder: string
  /** The folder of the workspace that corresponds to it. */
  readonly base: string
  /** The file whose links give the order. */
  readonly index?: string
  /** Patterns below the root of the workspace; a file belongs to the first section that it suits. */
  readonly patterns: readonly string[]
}

const SECTIONS: readonly Section[] = [
  {
    title: 'Guide',
    folder: 'guide',
    base: 'tools/docs/guide',
    index: 'tools/docs/README.md',
    patterns: ['tools/docs/guide/**/*.md'],
  },
  { title: 'Examples', folder: 'examples', base: 'tools/examples', patterns: ['tools/examples/*/README.md'] },
  {
    title: 'Decisions',
    folder: 'decisions',
    base: 'tools/docs/decisions',
    patterns: ['tools/docs/decisions/*.md'],
  },
  { title: 'Design', folder: 'design', base: 'tools/docs', patterns: ['tools/docs/**/*.md'] },
  { title: 'Work on Sennit', folder: 'work', base: 'tools', patterns: ['[A-Z]*.md', 'tools/*/*.md'] },
]

/** A Markdown file that is a page. */
export interface SiteDocument {
  /** Below the root of the workspace. */
  readonly file: string
  readonly section: string
  /** Its first heading. */
  readonly title: string
  /** Its text, without what readers of it do not see. */
  readonly text: string
  /** Its place on the site, without an extension. */
  readonly path: string
}

/**
 * Takes comments out of the text of a Markdown file, but not out of its fences: what stands around an example so that it runs
 * is neither to be read nor to be found by the search.
 */
export function withoutComments(text: string): string {
  return text.replace(/(^(`{3,}|~{3,})[^]*?^\2\s*$)|<!--[^]*?-->\n?/gm, (_all, fence?: string) => fence ?? '')
}

/** The first heading of a Markdown text, as plain text. */
export function titleOf(text: string): string | undefined {
  return /^#\s+(.+?)\s*$/m.exec(text)?.[1]?.replaceAll(/[`*]|\[|\]\([^)]*\)/g, '')
}

/** The text of a Markdown file below its first heading. */
export function belowTitle(text: string): string {
  return text.replace(/^\s*#\s.*\n/, '')
}

/** Sorts the files of a section by the links of its index; among those that it does not name, the names decide. */
function inOrder(files: readonly string[], { index }: Section, text: string): string[] {
  const place = (file: string) => {
    const found = index === undefined ? -1 : text.indexOf(`](${relative(dirname(index), file)}`)
    return found === -1 ? Infinity : found
  }
  // The README of a folder is its first file.
  const name = (file: string) => file.replace(/README\.md$/, '')
  return files.toSorted((a, b) => {
    const [first, second] = [place(a), place(b)]
    return first === second ? (name(a) < name(b) ? -1 : 1) : first - second
  })
}

/** As the files lie below the base of their section; a README is known by its folder. */
function pathOf(file: string, { folder, base }: Section): string {
  const name = relative(base, file).replace(/^(\.\.\/)+|\.md$/g, '')
  return name === 'README' ? `${folder}/index` : `${folder}/${name.replace(/\/README$/, '')}`
}

/**
 * Finds the Markdown files of a workspace, except the READMEs that are the beginning of the site and of each package.
 *
 * @param root - the folder of the workspace
 */
export function findDocuments(root: string): SiteDocument[] {
  const read = (file: string) => readFileSync(join(root, file), 'utf8')
  const taken = new Set(['README.md'])
  const documents = SECTIONS.flatMap((section) => {
    const exclude = ['**/node_modules/**', '**/generated/**', '**/dist/**']
    const found = globSync(section.patterns, { cwd: root, exclude }).filter((file) => !taken.has(file))
    const { index } = section
    const order = index !== undefined && existsSync(join(root, index)) ? read(index) : ''
    return inOrder(found, section, order).map((file) => {
      taken.add(file)
      const text = withoutComments(read(file))
      const title = titleOf(text) ?? basename(file, '.md')
      return { file, section: section.title, title, text, path: pathOf(file, section) }
    })
  })
  const places = new Map<string, string>()
  for (const { file, path } of documents) {
    const other = places.get(path)
    if (other !== undefined) throw new Error(`Cannot place both ${other} and ${file} at ${path}`)
    places.set(path, file)
  }
  return documents
}
