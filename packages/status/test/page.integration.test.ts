import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { ClientService } from '@sennit/client'
import { CooperatorService } from '@sennit/cooperator'
import { clientFromString, service } from '@sennit/endpoints'
import type { IHostPort } from '@sennit/interfaces'
import { duplexFactory, handler, lines } from '@sennit/protocol'
import { Application, hooks, MultiService, Service } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { TimerService } from '@sennit/timer'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StatusService } from '../src/index.ts'
import { hasChromium, openBrowser, openPage } from './support/browser.ts'
import { paleTexts } from './support/contrast.ts'

const HOSTILE = '<img src=x onerror=alert(1)>'
const screenshots = join(import.meta.dirname, '../node_modules/.cache/screenshots')

let browser: Browser
let app: Application
let status: StatusService
let work: CooperatorService
let sockets: Socket[]

class Broken extends Service {
  override readonly facts = () => ({ queueLength: 3 })
}

async function startProgram(endpoint = 'tcp:0'): Promise<void> {
  status = new StatusService(endpoint, { name: 'status', interval: '200ms' })
  work = new CooperatorService({ name: 'indexing' })
  const broken = new Broken({ name: 'mirror', onFailure: 'log' })
  const echo = service(
    'tcp:0:interface=127.0.0.1',
    handler(async (socket, { signal }) => {
      for await (const line of lines(socket, { signal })) socket.write(`${line}\n`)
    }),
    { name: 'echo' },
  )
  app = new Application('orders', { log: new MemoryLog() }, [
    status,
    hooks('database', {}),
    new ClientService(clientFromString('tcp:127.0.0.1:1'), duplexFactory(), { name: 'broker' }),
    new MultiService({ name: 'workers', onFailure: 'log' }, [
      work,
      new TimerService('100ms', () => {}, { name: 'flush' }),
      new TimerService('1h', () => {}, { name: HOSTILE }),
      broken,
    ]),
    echo,
  ])
  await app.startService()
  work.cooperate(
    (function* () {
      for (;;) yield
    })(),
    { name: 'documents' },
  )
  broken.fail(new Error('the mirror is gone:\n<b>no route</b>'))
  const { port } = echo.getHost() as IHostPort
  sockets = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      return socket
    }),
  )
}

const open = (options: BrowserContextOptions = {}) => openPage(browser, status.url!, options)

/** The row of a service. */
const row = (page: Page, path: string): Locator => page.locator(`li[data-path=${JSON.stringify(path)}]`)

/** What a row says, on one line. */
const textOf = async (page: Page, path: string): Promise<string> =>
  (await row(page, path).innerText()).replaceAll(/\s+/g, ' ')

/** The text of the value of a fact. */
const fact = (page: Page, path: string, label: string): Locator =>
  row(page, path)
    .locator('.fact')
    .filter({ has: page.locator('.label', { hasText: new RegExp(`^${label} $`) }) })
    .first()
    .locator('.value')

describe.skipIf(!hasChromium)('the status page in Chromium', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    mkdirSync(screenshots, { recursive: true })
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser.close())

  beforeEach(() => startProgram())
  afterEach(async () => {
    for (const socket of sockets) socket.destroy()
    for (const context of browser.contexts()) await context.close()
    await app.stopService()
  })

  it('shows the tree, with what each service does', async () => {
    const { page, troubles } = await open()
    expect(await page.title()).toBe('⚠ orders')
    expect(await page.locator('h1').textContent()).toBe('orders')
    expect(await page.locator('#ready').textContent()).toBe('ready')
    expect(await page.locator('#counts').textContent()).toBe('10 services, 1 failed')
    const names = await page.locator('.name').allTextContents()
    expect(names).toEqual([
      'orders',
      'status',
      'database',
      'broker',
      'workers',
      'indexing',
      'documents',
      'flush',
      HOSTILE,
      'mirror',
      'echo',
    ])
    await expect.poll(() => textOf(page, 'orders/broker')).toMatch(/waiting.*next attempt in.*ECONNREFUSED/)
    await expect
      .poll(() => textOf(page, 'orders/echo'))
      .toMatch(/tcp:127\.0\.0\.1:\d+.*connections 3.*accepted 3/)
    expect(await textOf(page, 'orders/workers/flush')).toMatch(
      /every 100 ms.*runs \d+.*last run.*took.*next run/,
    )
    expect(await textOf(page, 'orders/workers/indexing/documents')).toMatch(/steps .*CPU .*longest step/)
    const mirror = row(page, 'orders/workers/mirror')
    expect(await mirror.textContent()).toMatch(/failed.*queue length 3the mirror is gone:\n<b>no route<\/b>/)
    expect(await mirror.getAttribute('data-tone')).toBe('bad')
    expect(await page.locator('#process').textContent()).toContain(String(process.pid))
    expect(troubles).toEqual([])
  })

  it('changes while the program works, and nothing is loaded anew', async () => {
    const { page, troubles } = await open()
    await page.evaluate(() => Object.assign(globalThis, { kept: true }))
    const runs = async () => Number(await fact(page, 'orders/workers/flush', 'runs').textContent())
    const before = await runs()
    await expect.poll(runs, { timeout: 10_000 }).toBeGreaterThan(before + 5)
    sockets[0]!.destroy()
    await expect.poll(() => fact(page, 'orders/echo', 'connections').textContent()).toBe('2')
    await hooks('late', {}).setServiceParent(app)
    await row(page, 'orders/late').waitFor()
    await app.getServiceNamed('late').disownServiceParent()
    await expect.poll(() => row(page, 'orders/late').count()).toBe(0)
    await expect
      .poll(() => page.locator('#chart .mean').getAttribute('d'), { timeout: 10_000 })
      .toMatch(/^M.*L/)
    expect(await page.locator('#chart').getAttribute('aria-label')).toMatch(
      /^Event loop delay of the last 2 min: .* at most$/,
    )
    app.withholdReady()
    await expect.poll(() => page.locator('#ready').textContent()).toBe('not ready')
    expect(await page.evaluate(() => 'kept' in globalThis)).toBe(true)
    expect(troubles).toEqual([])
  })

  it('shows names as text, whatever they are', async () => {
    const names = [
      '\u202Eevil\u202C',
      'zero\u200Bwidth',
      'x'.repeat(2000),
      '</li><script>alert(1)</script>',
      '"\'`&',
    ]
    for (const name of names) await hooks(name, {}).setServiceParent(app)
    const { page, troubles } = await open({ viewport: { width: 375, height: 700 } })
    await expect.poll(() => page.locator('.name').count()).toBe(16)
    expect(await page.locator('#tree img, #tree script, #tree b').count()).toBe(0)
    const shown = await page.locator('.name').allTextContents()
    expect(shown).toContain(HOSTILE)
    expect(shown).toContain('</li><script>alert(1)</script>')
    const width = await page.evaluate(() => document.documentElement.scrollWidth)
    expect(width).toBeLessThanOrEqual(375)
    expect(troubles).toEqual([])
  })

  it('keeps what is closed, focused and scrolled, and works with the keyboard', async () => {
    const { page } = await open({ viewport: { width: 900, height: 400 } })
    const summary = row(page, 'orders/workers').locator('> details > summary')
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.evaluate(() => scrollTo(0, 150))
    const runs = await fact(page, 'orders/workers/flush', 'runs').textContent()
    await expect.poll(() => fact(page, 'orders/workers/flush', 'runs').textContent()).not.toBe(runs)
    expect(await row(page, 'orders/workers/flush').isVisible()).toBe(false)
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('SUMMARY')
    expect(await page.evaluate(() => scrollY)).toBe(150)
    await page.getByRole('button', { name: 'Open all' }).click()
    expect(await row(page, 'orders/workers/flush').isVisible()).toBe(true)
    await page.getByRole('button', { name: 'Close all' }).click()
    expect(await row(page, 'orders/echo').isVisible()).toBe(false)
  })

  it('finds services by name, and shows what leads to them', async () => {
    const { page } = await open()
    await page.getByRole('searchbox', { name: 'Find' }).fill('FLUSH')
    expect(await page.locator('#tree .name:visible').allTextContents()).toEqual([
      'orders',
      'workers',
      'flush',
    ])
    await page.getByRole('searchbox', { name: 'Find' }).fill('failed')
    expect(await page.locator('#tree .name:visible').allTextContents()).toEqual([
      'orders',
      'workers',
      'mirror',
    ])
    await page.getByRole('searchbox', { name: 'Find' }).fill('nobody')
    expect(await page.locator('#nothing').isVisible()).toBe(true)
    await page.getByRole('searchbox', { name: 'Find' }).fill('')
    expect(await page.locator('#tree .name:visible').count()).toBe(11)
  })

  it('says that the process is gone, and comes back by itself', async () => {
    const { page } = await open()
    const { port } = new URL(status.url!)
    for (const socket of sockets) socket.destroy()
    await app.stopService()
    await page.locator('#lost').waitFor()
    expect(await page.locator('#ready').textContent()).toBe('unknown')
    expect(await page.locator('#lost').textContent()).toMatch(/is lost; what you see is \d+ s old|0 ms old/)
    await startProgram(`tcp:${port}`)
    await page.locator('#lost').waitFor({ state: 'hidden', timeout: 20_000 })
    await expect.poll(() => page.locator('#ready').textContent()).toBe('ready')
  })

  it.each([
    ['light', { viewport: { width: 1100, height: 900 } }],
    ['dark', { viewport: { width: 1100, height: 900 }, colorScheme: 'dark' }],
    ['phone', { viewport: { width: 375, height: 812 }, deviceScaleFactor: 2, isMobile: true }],
  ] as const)('can be read: %s', async (name, options) => {
    const { page, troubles } = await open(options)
    await expect
      .poll(() => page.locator('#chart .mean').getAttribute('d'), { timeout: 10_000 })
      .toMatch(/^M.*L/)
    await page.screenshot({ path: join(screenshots, `${name}.png`), fullPage: true })
    expect(await paleTexts(page, 4.5)).toEqual([])
    const { scrollWidth, clientWidth } = await page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement
      return { scrollWidth, clientWidth }
    })
    expect(scrollWidth).toBeLessThanOrEqual(clientWidth)
    expect(troubles).toEqual([])
  })

  it('shows a thousand services without effort', async () => {
    for (let child = 0; child < 1000; child++) await hooks(`shard ${child}`, {}).setServiceParent(app)
    const { page, troubles } = await open()
    await expect.poll(() => page.locator('.name').count(), { timeout: 10_000 }).toBe(1011)
    const busy = await page.evaluate(async () => {
      const tasks: number[] = []
      new PerformanceObserver((list) =>
        tasks.push(...list.getEntries().map(({ duration }) => duration)),
      ).observe({ entryTypes: ['longtask'] })
      await new Promise((resolve) => setTimeout(resolve, 3000))
      return tasks.reduce((sum, duration) => sum + duration, 0)
    })
    console.log(
      `long tasks of the page in 3 s, with 1,011 services, five updates a second: ${busy.toFixed(0)} ms`,
    )
    expect(await fact(page, 'orders', 'services').textContent()).toBe('1\u202F005')
    expect(troubles).toEqual([])
  })
})
