import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { hardToRead, hardToReadInFrame, hasChromium, openBrowser, watch } from './support/browser.ts'
import { serve } from './support/serve.ts'
import { workspace } from './support/workspace.ts'

const page = (body: string) =>
  `<!doctype html><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="a.css"><link rel="icon" href="data:,">${body}`

const CLEAN = page('<h1>A page</h1><p>and its text</p><p hidden style="font-size: 2px">nobody sees it</p>')

describe.skipIf(!hasChromium)('what is found in a page', { timeout: 30_000 }, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await openBrowser()
  }, 30_000)
  afterAll(() => browser?.close())

  async function open(html: string) {
    const served = await serve(
      workspace({ 'index.html': CLEAN, 'a.css': 'p { font-size: 1rem }', 'a.html': html }),
    )
    onTestFinished(() => served[Symbol.asyncDispose]())
    const { page, troubles } = await watch(browser, served.url)
    onTestFinished(() => page.context().close())
    await page.goto(`${served.url}a.html`, { waitUntil: 'networkidle' })
    const said = (texts: readonly string[]) => texts.map((text) => text.replaceAll(served.url, '/'))
    return {
      page,
      troubles: () => said(troubles),
      read: async () => said(await hardToRead(page)),
      url: served.url,
    }
  }

  it('is nothing when nothing is wrong', async () => {
    const { page, troubles, read, url } = await open(CLEAN)
    expect(await read()).toEqual([])
    expect(await hardToReadInFrame(page, [`${url}index.html`, `${url}a.html`])).toEqual([])
    expect(troubles()).toEqual([])
  })

  it.each([
    ['an error in the console', '<script>console.error("oh no")</script>', ['a.html says oh no']],
    ['a warning in the console', '<script>console.warn("hm")</script>', ['a.html says hm']],
    ['an uncaught error', '<script>throw new Error("oh no")</script>', ['a.html throws oh no']],
    [
      'what is not there',
      '<img src="gone.png">',
      [
        'a.html gets 404 for /gone.png',
        'a.html says Failed to load resource: the server responded with a status of 404 (Not Found)',
      ],
    ],
    [
      'a request to elsewhere',
      '<script>void fetch("http://127.0.0.1:1/", { mode: "no-cors" }).catch(() => {})</script>',
      [
        'a.html asks http://127.0.0.1:1/',
        'a.html does not get http://127.0.0.1:1/',
        'a.html says Failed to load resource: net::ERR_UNSAFE_PORT',
      ],
    ],
  ])('is %s', async (_what, body, found) => {
    const { troubles } = await open(page(`<h1>A page</h1>${body}`))
    expect(troubles().toSorted()).toEqual(found.toSorted())
  })

  it.each([
    ['has no heading', '<p>a text</p>', /^\/a\.html has no heading$/],
    [
      'is too wide',
      '<h1>A page</h1><div style="position: absolute; left: 0; width: 500px">a text</div>',
      /^\/a\.html is \d+ px too wide$/,
    ],
    [
      'has small text',
      '<h1>A page</h1><p style="font-size: 13px">a text</p>',
      /^\/a\.html has small text: a text$/,
    ],
  ])('is that it %s', async (_what, body, found) => {
    const { page: opened, read, url } = await open(page(body))
    expect(await read()).toEqual([expect.stringMatching(found)])
    await opened.goto(url)
    const inFrame = await hardToReadInFrame(opened, [`${url}index.html`, `${url}a.html`])
    expect(inFrame.map((fault) => fault.replace(url, '/'))).toEqual([expect.stringMatching(found)])
  })
})
