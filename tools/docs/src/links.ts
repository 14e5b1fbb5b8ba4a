/**
 * The links of the documentation: each relative one leads to a file of the repository, each anchor to a heading.
 *
 * What leads elsewhere (`https:`, `mailto:`) is only looked at, not followed.
 *
 * @module
 */
import { dirname, join, normalize } from 'node:path/posix'
import GithubSlugger from 'github-slugger'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { toString } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'

/** One link. */
export interface Link {
  /** Where it leads, as it is written. */
  readonly target: string
  /** The line on which it stands, from 1. */
  readonly line: number
}

/** What the checker asks of a repository; paths are relative to its root. */
export interface Repository {
  /** The text of a file, or `undefined` where there is none. */
  read(path: string): string | undefined
  /** Whether there is a folder. */
  hasFolder(path: string): boolean
}

/** What an attribute of HTML inside of Markdown says. */
const attributes = (html: string, names: string): string[] =>
  [...html.matchAll(new RegExp(`\\s(?:${names})\\s*=\\s*["']([^"']*)["']`, 'g'))].map((match) => match[1]!)

/** The links and images of a Markdown text. */
export function linksIn(text: string): Link[] {
  const links: Link[] = []
  visit(fromMarkdown(text), (node) => {
    const line = node.position?.start.line ?? 1
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      links.push({ target: node.url, line })
    } else if (node.type === 'html') {
      links.push(...attributes(node.value, 'href|src|srcset').map((target) => ({ target, line })))
    }
  })
  return links
}

/** The anchors of a Markdown text, as GitHub makes them out of its headings. */
export function anchorsIn(text: string): Set<string> {
  const slugger = new GithubSlugger()
  const anchors = new Set<string>()
  visit(fromMarkdown(text), (node) => {
    if (node.type === 'heading') anchors.add(slugger.slug(toString(node)))
    if (node.type === 'html') for (const id of attributes(node.value, 'id|name')) anchors.add(id)
  })
  return anchors
}

/** What is wrong with an address outside of the repository, if anything. */
function wrongAddress(target: string): string | undefined {
  if (!URL.canParse(target)) return 'is no address'
  const { protocol, hostname } = new URL(target)
  if (protocol === 'mailto:') return undefined
  if (protocol !== 'https:' && protocol !== 'http:') return `has the scheme ${protocol}`
  return hostname.includes('.') || hostname === 'localhost' ? undefined : 'names no host'
}

/** What is wrong with the part behind the `#`, if anything. */
function wrongAnchor(anchor: string, path: string, text: string): string | undefined {
  if (path.endsWith('.md')) return anchorsIn(text).has(anchor) ? undefined : `${path} has no such heading`
  const lines = /^L(\d+)(?:-L(\d+))?$/.exec(anchor)
  if (lines === null) return `${path} has no headings`
  return Number(lines[2] ?? lines[1]) <= text.split('\n').length ? undefined : `${path} is shorter`
}

/** What is wrong with a link of the file `from`, if anything. */
function wrong(target: string, from: string, repository: Repository): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('//')) return wrongAddress(target)
  if (target.startsWith('/')) return 'begins at a root'
  const [before = '', anchor] = target.split('#', 2).map(decodeURIComponent)
  const path = before === '' ? from : normalize(join(dirname(from), before)).replace(/\/$/, '')
  if (path.startsWith('..')) return 'leads out of the repository'
  const folder = path === '.' || repository.hasFolder(path)
  const file = folder ? join(path, 'README.md') : path
  const text = repository.read(file)
  if (text === undefined) return folder && anchor === undefined ? undefined : `there is no ${file}`
  return anchor === undefined ? undefined : wrongAnchor(anchor, file, text)
}

/** What is wrong with the links of one Markdown file: a line of text for each. */
export function brokenLinks(file: string, repository: Repository): string[] {
  return linksIn(repository.read(file) ?? '').flatMap(({ target, line }) => {
    const reason = wrong(target, file, repository)
    return reason === undefined ? [] : [`${file}:${line}: ${target}: ${reason}`]
  })
}
