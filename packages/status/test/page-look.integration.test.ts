import { mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { hooks, MultiService } from '@sennit/service'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { hasChromium, openBrowser, openPage } from './support/browser.ts'
import { contrastOf, type Drawn } from './support/page-contrast.ts'
import { startPageProgram } from './support/page-program.ts'
import { startShop } from './support/page-shop.ts'

const pictures = join(import.meta.dirname, '../node_modules/.cache/screenshots')

/** The picture of the README; it is made anew when `SENNIT_PICTURE` is set, which takes two minutes. */
const README_PICTURE = join(import.meta.dirname, '../../../tools/docs/images/status-page.png')

/** High enough for all: what is out of sight is not laid out. */
const VIEWS: readonly (readonly [name: string, options: BrowserContextOptions])[] = [
  ['light', { viewport: { width: 1280, height: 2000 } }],
  ['dark', { viewport: { width: 1280, height: 2000 }, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 375, height: 4000 }, deviceScaleFactor: 2, isMobile: true }],
  ['narrow, dark', { viewport: { width: 320, height: 4400 }, colorScheme: 'dark' }],
]

/** What tells something without words. */
const DRAWN: Drawn = [
  ['.row[data-tone="good"] .dot', 'background-color'],
  ['.row[data-tone="warning"] .dot', 'border-top-color'],
  ['.row[data-tone="bad"] .dot', 'background-color'],
  ['.pulse', 'background-color'],
  ['#chart .mean', 'fill'],
  ['#chart .late', 'fill'],
  ['input', 'border-top-color'],
]

let browser: Browser
let stop: (() => Promise<void>) | undefined

async function start(): Promise<string> {
  const names = ['x'.repeat(400), 'مرحبا بالعالم', '顧客データの同期', 'tier/with/slashes']
  let deepest = new MultiService({ name: 'level 12' })
  for (let level = 11; level > 0; level--) deepest = new MultiService({ name: `level ${level}` }, [deepest])
  const program = await startPageProgram('tcp:0', [...names.map((name) => hooks(name, {})), deepest])
  stop = () => program.stop()
  return program.status.url!
}

async function drawn(page: Page): Promise<void> {
  await expect.poll(() => page.locator('#chart .mean').getAttribute('d'), { timeout: 15_000 }).toMatch(/^M/)
}

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** The elements whose text is cut off, or stands out, sideways. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll('.row *, dd, header *')]
      .filter(
        (element) => element.closest('summary') === null && element.scrollWidth > element.clientWidth + 1,
      )
      .filter((element) => getComputedStyle(element).display !== 'inline')
      .map((element) => `${element.className}: ${element.textContent}`),
  )

describe.skipIf(!hasChromium)('the look of the status page', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    mkdirSync(pictures, { recursive: true })
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser.close())
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await stop?.()
    stop = undefined
  })

  it.each(VIEWS)('%s: all of it can be read, and nothing stands out', async (name, options) => {
    const { page, troubles } = await openPage(browser, await start(), options)
    await drawn(page)
    const mirror = page.locator('.row', { hasText: 'Mirror' })
    await mirror.locator('summary').click()
    await page.locator('#troubled').focus()
    await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true })
    const { texts, pale } = await contrastOf(page, DRAWN)
    expect(texts).toBeGreaterThan(100)
    expect(pale).toEqual([])
    expect(await overflow(page)).toBe(0)
    expect(await cutOff(page)).toEqual([])
    await page.getByRole('button', { name: /^Problems/ }).click()
    expect((await contrastOf(page, DRAWN)).pale).toEqual([])
    await page.screenshot({ path: join(pictures, `${name}, problems.png`) })
    expect(troubles).toEqual([])
  })

  it.each(VIEWS.slice(0, 2))('%s: what is stale can be read as well', async (name, options) => {
    const { page } = await openPage(browser, await start(), options)
    await drawn(page)
    await stop!()
    await page.locator('#banner').waitFor()
    const { texts, pale } = await contrastOf(page, DRAWN)
    expect(texts).toBeGreaterThan(100)
    expect(pale).toEqual([])
    expect(await page.locator('#content').evaluate((element) => getComputedStyle(element).filter)).toBe(
      'grayscale(1)',
    )
    expect(await overflow(page)).toBe(0)
    await page.screenshot({ path: join(pictures, `${name}, stale.png`) })
  })

  it('finds what is pale', async () => {
    const { page } = await openPage(browser, await start(), { bypassCSP: true })
    await page.addStyleTag({
      content: ':root { --quiet: #999 } [data-tone="good"] .dot { background: #eee !important }',
    })
    const { pale } = await contrastOf(page, DRAWN)
    expect(pale.map(({ what }) => what)).toEqual(expect.arrayContaining(['Event loop delay', DRAWN[0]![0]]))
  })

  it('is that of the scheme that is preferred', async () => {
    const url = await start()
    const background = async (colorScheme: 'light' | 'dark'): Promise<string> => {
      const { page } = await openPage(browser, url, { colorScheme })
      return page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
    }
    expect(await background('light')).toBe('rgb(247, 246, 243)')
    expect(await background('dark')).toBe('rgb(18, 20, 23)')
  })

  it('does not move for those who do not want it', async () => {
    const url = await start()
    const turns = async (reducedMotion: 'reduce' | 'no-preference'): Promise<number> => {
      const { page } = await openPage(browser, url, { reducedMotion })
      const row = page.locator('.row', { hasText: 'workers' }).first()
      await row.focus()
      return row.evaluate((element) => {
        element.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }))
        return element.getAnimations({ subtree: true }).length
      })
    }
    expect(await turns('no-preference')).toBe(1)
    expect(await turns('reduce')).toBe(0)
  })

  it('shows where the focus is, and brings it into sight', async () => {
    const { page } = await openPage(browser, await start(), { viewport: { width: 1280, height: 500 } })
    await page.locator('.row').first().focus()
    await page.keyboard.press('End')
    const place = () =>
      page.evaluate(() => {
        const { top, bottom } = document.activeElement!.getBoundingClientRect()
        return { top, bottom, style: getComputedStyle(document.activeElement!).outlineStyle }
      })
    expect((await place()).style).toBe('solid')
    // On the way up, no row is under the head of the table, which stays in sight.
    const count = await page.locator('.row').count()
    for (let row = 1; row < count; row++) {
      await page.keyboard.press('ArrowUp')
      const { y, height } = (await page.locator('.head').boundingBox())!
      expect((await place()).top).toBeGreaterThanOrEqual(y + height - 1)
    }
    await page.keyboard.press('End')
    expect((await place()).bottom).toBeLessThanOrEqual(500)
  })

  it('is that of the picture in the README', { timeout: 240_000 }, async () => {
    const shop = await startShop()
    stop = () => shop.stop()
    const isWanted = Boolean(process.env['SENNIT_PICTURE'])
    const { page, troubles } = await openPage(browser, shop.url, { viewport: { width: 1200, height: 820 } })
    await drawn(page)
    if (isWanted) await wait(122_000)
    await page.screenshot({ path: isWanted ? README_PICTURE : join(pictures, 'shop.png') })
    expect(await page.locator('.name').allTextContents()).toContain('thumbnails')
    expect(statSync(README_PICTURE).size).toBeLessThan(150_000)
    expect(troubles).toEqual([])
  })
})
