/**
 * Puts in order what the compiler found: modules are named as they are imported and introduced by their READMEs, and the
 * Markdown files join them.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import {
  Comment,
  type CommentDisplayPart,
  CommentTag,
  type Context,
  type DeclarationReflection,
  DocumentReflection,
  MinimalSourceFile,
  normalizePath,
  type ProjectReflection,
  type Reflection,
} from 'typedoc'
import { belowTitle, type SiteDocument, withoutComments } from './documents.ts'
import type { SitePackage } from './packages.ts'
import { frontmatterOf } from './site-router.ts'

/** What the site is made from. */
export interface SiteContent {
  /** The folder of the workspace. */
  readonly root: string
  readonly packages: readonly SitePackage[]
  readonly documents: readonly SiteDocument[]
}

const PACKAGES = 'Packages'
/** The modules of packages that are imported by a path of their own. */
const SUBPATHS = 'Subpaths'

/** The headings of the navigation, from top to bottom. */
export const HEADINGS: readonly string[] = [
  'Guide',
  PACKAGES,
  SUBPATHS,
  'Examples',
  'Design',
  'Decisions',
  'Work on Sennit',
  '*',
]

/** A page answers to links to its file, and the first one of a folder to links to the folder: it is the README, if there is one. */
function answerer({ files }: ProjectReflection): (file: string, page: Reflection) => void {
  const folders = new Set<string>()
  return (file, page) => {
    files.registerReflectionPath(normalizePath(file), page)
    const folder = dirname(file)
    if (folders.has(folder)) return
    folders.add(folder)
    files.registerReflectionPath(normalizePath(folder), page)
  }
}

function markdown(context: Context, file: string, text: string): CommentDisplayPart[] {
  const source = new MinimalSourceFile(text, normalizePath(file))
  return context.converter.parseRawComment(source, context.project.files).content
}

/** Introduces a package by its README; what the comment of its module says beyond the first paragraph stands below it. */
function introduce(context: Context, module: DeclarationReflection, file: string): void {
  const readme = markdown(context, file, belowTitle(withoutComments(readFileSync(file, 'utf8'))))
  const rest = belowFirstParagraph(module.comment?.summary ?? [])
  const heading: CommentDisplayPart = { kind: 'text', text: '\n\n## Source and differences\n\n' }
  module.readme = rest.length > 0 ? [...readme, heading, ...rest] : readme
  if (module.comment) module.comment.summary = []
}

function belowFirstParagraph(parts: readonly CommentDisplayPart[]): CommentDisplayPart[] {
  const index = parts.findIndex(({ kind, text }) => kind === 'text' && text.includes('\n\n'))
  const part = parts[index]
  if (!part) return []
  const text = part.text.slice(part.text.indexOf('\n\n')).trimStart()
  return [{ kind: 'text', text }, ...parts.slice(index + 1)]
}

function group(module: DeclarationReflection, title: string): void {
  module.comment ??= new Comment()
  module.comment.blockTags.push(new CommentTag('@group', [{ kind: 'text', text: title }]))
}

/** Arranges a project whose modules are converted, and whose links are not resolved yet. */
export function arrange(context: Context, { root, packages, documents }: SiteContent): void {
  const { project } = context
  const answer = answerer(project)
  const start = join(root, 'README.md')
  project.readme = markdown(context, start, withoutComments(readFileSync(start, 'utf8')))
  answer(start, project)
  const modules = new Map(
    project.children?.map((module) => [project.files.getReflectionPath(module) as string, module]),
  )
  for (const { name, folder, entryPoints } of packages) {
    for (const { specifier, source } of entryPoints) {
      const module = modules.get(normalizePath(join(root, source)))
      if (!module) throw new Error(`Cannot find the module of ${source}`)
      module.name = specifier
      group(module, specifier === name ? PACKAGES : SUBPATHS)
      if (specifier !== name) continue
      const file = join(root, folder, 'README.md')
      introduce(context, module, file)
      answer(file, module)
    }
  }
  for (const document of documents) {
    const file = join(root, document.file)
    const content = markdown(context, file, document.text)
    const page = new DocumentReflection(document.title, project, content, frontmatterOf(document))
    project.addChild(page)
    project.registerReflection(page, undefined, normalizePath(file))
    answer(file, page)
  }
}
