import { type Reflection, StructureRouter } from 'typedoc'
import type { SiteDocument } from './documents.ts'

/** Under which key the front matter of a document says where its page is. */
const PATH = 'path'

/** What a document carries for the navigation and the router. */
export function frontmatterOf({ section, path }: SiteDocument): Record<string, unknown> {
  return { group: section, [PATH]: path }
}

/** Places a page by what it shows, `reference/client/ClientService.html`, and a document by the name of its file. */
export class SiteRouter extends StructureRouter {
  protected override getIdealBaseName(reflection: Reflection): string {
    const path = reflection.isDocument() ? reflection.frontmatter[PATH] : undefined
    if (typeof path === 'string') return path
    // The names of modules begin with the scope, which is the same for all.
    return super.getIdealBaseName(reflection).replace(/^[^/]+(?=\/)/, 'reference')
  }
}
