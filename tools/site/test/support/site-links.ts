/** Reads the files of a site, and follows the links in them without a browser. */
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Parser } from 'htmlparser2'

/** What a page has that others can link to, and what it links to. */
interface PageLinks {
  readonly anchors: ReadonlySet<string>
  readonly links: readonly string[]
  /** What the browser fetches in order to show the page. */
  readonly resources: readonly string[]
}

export interface SiteLinks {
  readonly pages: number
  readonly links: number
  /** What is wrong: the page, the link, why. */
  readonly faults: readonly string[]
}

/** Any origin will do, to tell links to the site from others. */
const ORIGIN = 'http://site.invalid'

function read(html: string): PageLinks {
  const anchors = new Set<string>()
  const links: string[] = []
  const resources: string[] = []
  const parser = new Parser({
    onopentag(tag, { id, name, href, src }) {
      if (id !== undefined) anchors.add(id)
      if (tag === 'a' && name !== undefined) anchors.add(name)
      if (href !== undefined) (tag === 'link' ? resources : links).push(href)
      if (src !== undefined) resources.push(src)
    },
  })
  parser.end(html)
  return { anchors, links, resources }
}

/** Finds the links of a site that lead nowhere, and the resources that are fetched from elsewhere. */
export function followLinks(folder: string): SiteLinks {
  const files = globSync('**/*.{html,svg}', { cwd: folder })
  const pages = new Map(files.map((file) => [file, read(readFileSync(join(folder, file), 'utf8'))]))
  const faults: string[] = []
  let count = 0
  const follow = (file: string, link: string, { isResource }: { isResource: boolean }) => {
    const url = new URL(link, `${ORIGIN}/${file}`)
    if (url.origin !== ORIGIN) {
      if (isResource && url.protocol !== 'data:') faults.push(`${file}: ${link} is fetched from elsewhere`)
      return
    }
    count++
    const path = decodeURIComponent(url.pathname).slice(1)
    const target = path === '' || path.endsWith('/') ? `${path}index.html` : path
    const page = pages.get(target)
    const anchor = decodeURIComponent(url.hash).slice(1)
    if (!page && !(existsSync(join(folder, target)) && statSync(join(folder, target)).isFile()))
      faults.push(`${file}: ${link} leads nowhere`)
    else if (anchor !== '' && !page?.anchors.has(anchor)) faults.push(`${file}: ${link} has no such place`)
  }
  for (const [file, { links, resources }] of pages) {
    for (const link of links) follow(file, link, { isResource: false })
    for (const resource of resources) follow(file, resource, { isResource: true })
  }
  return { pages: files.filter((file) => file.endsWith('.html')).length, links: count, faults }
}
