/** Chromium as the machine has it, driven from a test. */
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

export const hasChromium: boolean = existsSync(executablePath)

export function openBrowser(): Promise<Browser> {
  // Chromium does not run as root in a sandbox; nothing foreign is opened.
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

/** A page, and all that went wrong in it. */
export interface WatchedPage {
  readonly page: Page
  /**
   * Messages of the console that are warnings or errors (those of the content security policy among them), uncaught errors, dialogs,
   * requests to elsewhere.
   */
  readonly troubles: string[]
}

/** Opens an address, and listens to what the page has to complain about. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  const troubles: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(message.text())
  })
  page.on('pageerror', (error) => troubles.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) troubles.push(`asks ${request.url()}`)
  })
  page.on('dialog', (dialog) => {
    troubles.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await page.goto(url)
  await page.locator('#rows .row').first().waitFor()
  return { page, troubles }
}
