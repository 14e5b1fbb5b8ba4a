/**
 * Builds the site: TypeDoc makes the reference out of the sources, and the other pages out of the Markdown files.
 *
 * @module
 */
import { join } from 'node:path'
import {
  Application,
  type Context,
  Converter,
  type DeclarationReflection,
  type TypeDocOptions,
} from 'typedoc'
import { arrange, HEADINGS } from './arrange.ts'
import { ComplaintLogger } from './complaint-logger.ts'
import { findDocuments } from './documents.ts'
import { findPackages } from './packages.ts'
import { SiteRouter } from './site-router.ts'
import { SiteTheme } from './site-theme.ts'

/** Before the generator resolves links and groups pages. */
const FIRST = 1000

/** The languages that fences may name; another one is an error. */
const LANGUAGES =
  'typescript javascript json jsonc bash console python diff ini toml yaml html css http nginx docker systemd markdown sql'

const OPTIONS: TypeDocOptions = {
  name: 'Sennit',
  readme: 'none',
  router: 'site',
  theme: 'site',
  headings: { readme: false, document: false },
  highlightLanguages: LANGUAGES.split(' '),
  excludeExternals: true,
  excludeInternal: true,
  disableGit: true,
  // The generator insists on one, and the links are taken out again.
  sourceLinkTemplate: '{path}#{line}',
  searchInComments: true,
  searchInDocuments: true,
  includeHierarchySummary: false,
  groupOrder: [...HEADINGS],
  navigation: { includeGroups: false, includeFolders: false },
  customCss: join(import.meta.dirname, 'site.css'),
  favicon: join(import.meta.dirname, 'icon.svg'),
  validation: { notExported: false, invalidLink: true, invalidPath: true, notDocumented: false },
}

/** It is said where something is defined; a link would have to know where the sources are published. */
function withoutSourceLinks({ project }: Context): void {
  for (const reflection of Object.values(project.reflections))
    for (const source of (reflection as DeclarationReflection).sources ?? []) delete source.url
}

/**
 * Builds the site of a workspace.
 *
 * @param root - the folder of the workspace
 * @param out - the folder of the site; what was there before is removed
 * @throws `Error` with everything that is amiss: a link that leads nowhere is, too
 */
export async function buildSite(root: string, out: string): Promise<void> {
  const packages = findPackages(root)
  const documents = findDocuments(root)
  const app = await Application.bootstrap({
    ...OPTIONS,
    tsconfig: join(root, 'tools/site/tsconfig.reference.json'),
    basePath: root,
    entryPoints: packages.flatMap(({ entryPoints }) => entryPoints.map(({ source }) => join(root, source))),
  })
  const logger = new ComplaintLogger(root)
  app.logger = logger
  app.renderer.defineRouter('site', SiteRouter)
  app.renderer.defineTheme('site', SiteTheme)
  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    (context: Context) => arrange(context, { root, packages, documents }),
    FIRST,
  )
  app.converter.on(Converter.EVENT_RESOLVE_END, withoutSourceLinks)
  const project = await app.convert()
  if (project) {
    app.validate(project)
    await app.generateDocs(project, out)
    for (const file of project.files.getMediaPaths())
      if (file.endsWith('.md')) logger.complaints.push(`${file} is linked to, but is not a page`)
  }
  if (!project || logger.complaints.length > 0)
    throw new Error(['Cannot build the site', ...logger.complaints].join('\n  '))
}
