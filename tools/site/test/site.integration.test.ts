import { execFile } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findDocuments } from '../src/documents.ts'
import { findPackages } from '../src/packages.ts'
import {
  hardToRead,
  hardToReadInFrame,
  hasChromium,
  openBrowser,
  watch,
  type WatchedPage,
} from './support/browser.ts'
import { serve, type ServedFolder } from './support/serve.ts'
import { followLinks } from './support/site-links.ts'

const root = join(import.meta.dirname, '../../..')
const site = mkdtempSync(join(tmpdir(), 'sennit-site-'))
afterAll(() => rmSync(site, { recursive: true }))

/** The page of a module, by what is imported. */
const pageOf = (specifier: string): string => `${specifier.replace(/^@sennit/, 'reference')}.html`

/** As many pages are open at the same time. */
const TABS = 2

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [join(import.meta.dirname, '../src/site.ts'), site], {
    cwd: tmpdir(),
    timeout: 120_000,
    killSignal: 'SIGKILL',
  })
}, 130_000)

describe('the site', () => {
  it('has a page for every document, every package and every entry point', () => {
    const pages = new Set(globSync('**/*.html', { cwd: site }))
    const documents = findDocuments(root).map(({ path }) => `${path}.html`)
    const modules = findPackages(root).flatMap(({ entryPoints }) =>
      entryPoints.map(({ specifier }) => pageOf(specifier)),
    )
    expect(documents.filter((page) => !pages.has(page))).toEqual([])
    expect(modules.filter((page) => !pages.has(page))).toEqual([])
    expect(modules).toContain('reference/interfaces/time.html')
  })

  it('leads to a page, and to the place in it, by every link', () => {
    const { faults, links, pages } = followLinks(site)
    expect(faults).toEqual([])
    expect(pages).toBeGreaterThan(300)
    expect(links).toBeGreaterThan(10 * pages)
  })
})

describe.skipIf(!hasChromium)('the site in Chromium', { timeout: 180_000 }, () => {
  let browser: Browser
  let served: ServedFolder

  beforeAll(async () => {
    served = await serve(site)
    browser = await openBrowser()
  }, 30_000)
  afterAll(async () => {
    await browser?.close()
    await served?.[Symbol.asyncDispose]()
  })

  async function open(path: string): Promise<WatchedPage> {
    const watched = await watch(browser, served.url)
    await watched.page.goto(served.url + path)
    return watched
  }

  /** The pages to which the navigation leads. */
  async function navigation(): Promise<string[]> {
    const { page } = await open('')
    const links = page.locator('#tsd-nav-container a[href]')
    await links.nth(1).waitFor({ state: 'attached' })
    const found = await links.evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href))
    await page.context().close()
    return found
  }

  it('shows each page of the navigation without a fault and without help from elsewhere', async () => {
    const left = await navigation()
    for (const { path } of findDocuments(root)) expect(left).toContain(`${served.url}${path}.html`)
    for (const { entryPoints } of findPackages(root))
      for (const { specifier } of entryPoints) expect(left).toContain(served.url + pageOf(specifier))
    const faults: string[] = []
    const visit = async () => {
      const { page, troubles } = await watch(browser, served.url)
      for (let address = left.pop(); address !== undefined; address = left.pop()) {
        await page.goto(address)
        faults.push(...(await hardToRead(page)))
      }
      await page.context().close()
      faults.push(...troubles)
    }
    await Promise.all(Array.from({ length: TABS }, visit))
    expect(faults).toEqual([])
  })

  it('can be read on a phone, every page', async () => {
    const { page, troubles } = await open('')
    const pages = globSync('**/*.html', { cwd: site }).map((file) => served.url + file)
    expect(await hardToReadInFrame(page, pages)).toEqual([])
    expect(troubles).toEqual([])
  })

  it('shows what a class is for, and an example', async () => {
    const { page, troubles } = await open('reference/client/ClientService.html')
    expect(await page.locator('h1').innerText()).toContain('ClientService')
    expect(
      await page.getByText('Keeps one connection up, to one endpoint or to several in turn').isVisible(),
    ).toBe(true)
    const example = page.locator('.tsd-comment pre', { hasText: 'new ClientService(' }).first()
    expect(await example.isVisible()).toBe(true)
    // Its words have colours.
    expect(await example.locator('span').count()).toBeGreaterThan(5)
    expect(troubles).toEqual([])
  })

  it('leads to what is sought, by its own index', async () => {
    const { page, troubles } = await open('')
    await page.locator('#tsd-search-trigger').tap()
    await page.locator('#tsd-search-input').fill('whenConnected')
    await page.locator('#tsd-search-results a', { hasText: 'ClientService.whenConnected' }).first().tap()
    await page.waitForURL(/ClientService\.html#whenconnected$/)
    expect(troubles).toEqual([])
  })

  it('opens its navigation on a phone', async () => {
    const { page, troubles } = await open('')
    const link = page.locator('#tsd-nav-container a', { hasText: '@sennit/backoff' })
    expect(await link.isVisible()).toBe(false)
    await page.locator('#tsd-toolbar-menu-trigger').tap()
    await page.locator('#tsd-nav-container summary', { hasText: 'Packages' }).tap()
    await link.tap()
    await page.waitForURL(/reference\/backoff\.html$/)
    expect(await page.locator('h1').innerText()).toContain('@sennit/backoff')
    expect(troubles).toEqual([])
  })
})
