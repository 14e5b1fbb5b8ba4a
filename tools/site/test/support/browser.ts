/** Chromium as the machine has it, and what it says of a page. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

export const hasChromium: boolean = existsSync(executablePath)

const PHONE: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
}

/** Text below this many pixels is not read on a phone. */
const SMALLEST_TEXT = 14

export function openBrowser(): Promise<Browser> {
  // Chromium does not run as root in a sandbox; nothing foreign is opened.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/**
 * Listens to what a page has to complain about from now on: warnings and errors in the console, uncaught errors, requests that fail
 * or go elsewhere.
 */
function listenTo(page: Page, origin: string): string[] {
  const troubles: string[] = []
  const path = () => page.url().replace(origin, '')
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`${path()} says ${message.text()}`)
  })
  page.on('pageerror', (error) => troubles.push(`${path()} throws ${error.message}`))
  page.on('request', (request) => {
    if (!request.url().startsWith(origin) && !request.url().startsWith('data:'))
      troubles.push(`${path()} asks ${request.url()}`)
  })
  page.on('requestfailed', (request) => {
    // The browser gives up what a page has not got yet when it leaves the page.
    if (request.failure()?.errorText !== 'net::ERR_ABORTED')
      troubles.push(`${path()} does not get ${request.url()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 400) troubles.push(`${path()} gets ${response.status()} for ${response.url()}`)
  })
  return troubles
}

/** What a document that a browser has laid out shows. */
interface Look {
  readonly headings: number
  /** By how many pixels it is wider than the screen. */
  readonly over: number
  /** Its texts that are smaller than they should be. */
  readonly small: readonly string[]
}

declare global {
  // In the browser; it comes with `watch`.
  function lookAt(document: Document): Look
}

/** Runs in the browser. */
const LOOK_AT = ({ documentElement: root, body }: Document, smallest: number): Look => {
  const found = new Set<string>()
  const texts = root.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  while (texts.nextNode()) {
    const { parentElement: parent, data } = texts.currentNode as Text
    if (!parent || data.trim() === '' || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(parent.tagName)) continue
    if (Number.parseFloat(getComputedStyle(parent).fontSize) >= smallest) continue
    if (parent.checkVisibility({ visibilityProperty: true })) found.add(data.trim().slice(0, 40))
  }
  return {
    headings: body.querySelectorAll('h1').length,
    over: root.scrollWidth - root.clientWidth,
    small: [...found],
  }
}

function faultsOf(address: string, { headings, over, small }: Look): string[] {
  return [
    ...(headings === 0 ? [`${address} has no heading`] : []),
    ...(over > 0 ? [`${address} is ${over} px too wide`] : []),
    ...small.map((text) => `${address} has small text: ${text}`),
  ]
}

/** A page of a browser on a phone. */
export interface WatchedPage {
  readonly page: Page
  /** What it has to complain about: warnings and errors in the console, uncaught errors, requests that fail or go elsewhere. */
  readonly troubles: string[]
}

/** Opens an empty page on a phone, and listens to it; whoever opened it closes its context. */
export async function watch(browser: Browser, origin: string): Promise<WatchedPage> {
  const context = await browser.newContext(PHONE)
  await context.addInitScript({
    content: `globalThis.lookAt = (document) => (${LOOK_AT.toString()})(document, ${SMALLEST_TEXT})`,
  })
  const page = await context.newPage()
  return { page, troubles: listenTo(page, origin) }
}

/** What makes the page that is open hard to read: it has no heading, must be moved sideways, or has small text. */
export async function hardToRead(page: Page): Promise<string[]> {
  return faultsOf(page.url(), await page.evaluate(() => lookAt(document)))
}

/**
 * Lays many pages of the site that is open out, one after the other and without their scripts, in a frame as wide as the screen. They
 * have the style sheets of the page that is open.
 *
 * @returns what makes them hard to read
 */
export async function hardToReadInFrame(page: Page, addresses: readonly string[]): Promise<string[]> {
  const looks = await page.evaluate(async (urls) => {
    const frame = document.createElement('iframe')
    frame.style.cssText = 'position: fixed; inset: 0; width: 100vw; height: 100vh; border: 0'
    // With a document type, as the pages have it.
    frame.srcdoc = '<!doctype html>'
    const ready = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }))
    document.body.append(frame)
    await ready
    const shown = frame.contentDocument!
    const base = shown.createElement('base')
    base.href = document.baseURI
    shown.head.append(base)
    const sheets = document.querySelectorAll('link[rel="stylesheet"]')
    await Promise.all(
      [...sheets].map((sheet) => {
        const copy = sheet.cloneNode() as HTMLLinkElement
        const loaded = new Promise((resolve) => copy.addEventListener('load', resolve))
        shown.head.append(copy)
        return loaded
      }),
    )
    const found: Look[] = []
    for (const url of urls) {
      const html = await (await fetch(url)).text()
      base.href = url
      shown.body.replaceWith(new DOMParser().parseFromString(html, 'text/html').body)
      found.push(lookAt(shown))
    }
    frame.remove()
    return found
  }, addresses)
  return looks.flatMap((look, index) => faultsOf(addresses[index]!, look))
}
