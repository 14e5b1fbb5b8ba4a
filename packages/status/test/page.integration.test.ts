import { hooks } from '@sennit/service'
import { TimerService } from '@sennit/timer'
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { hasChromium, openBrowser, openPage } from './support/browser.ts'
import { startPageProxy } from './support/page-proxy.ts'
import { HOSTILE, type PageProgram, startPageProgram } from './support/page-program.ts'

const PHONE = { viewport: { width: 375, height: 812 }, isMobile: true, hasTouch: true }

let browser: Browser
let program: PageProgram

const open = (options: BrowserContextOptions = {}) => openPage(browser, program.status.url!, options)

/** The row of a service. */
const row = (page: Page, path: string): Locator => page.locator(`.row[data-path=${JSON.stringify(path)}]`)

/** What a row says, on one line. */
const textOf = async (page: Page, path: string): Promise<string> =>
  (await row(page, path).innerText()).replaceAll(/\s+/g, ' ')

/** The value of a fact. */
const fact = (page: Page, path: string, label: string): Locator =>
  row(page, path)
    .locator('.fact')
    .filter({ has: page.locator('.label', { hasText: new RegExp(`^${label}$`) }) })
    .locator('.value')

/** Waits for something to become so. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 15_000 })

const runsOf = async (page: Page): Promise<number> =>
  Number((await fact(page, 'orders/workers/flush', 'runs').textContent())!.replaceAll('\u202F', ''))

/** Waits until the page has shown so many runs more, which takes some documents. */
async function updated(page: Page, runs = 5): Promise<void> {
  const before = await runsOf(page)
  await soon(() => runsOf(page)).toBeGreaterThan(before + runs)
}

const names = (page: Page): Promise<string[]> => page.locator('.row .name').allTextContents()

/** The path of the row that has the focus. */
const focused = (page: Page): Promise<string | null> =>
  page.evaluate(() => document.activeElement?.getAttribute('data-path') ?? null)

describe.skipIf(!hasChromium)('the status page in Chromium', { timeout: 60_000 }, () => {
  beforeAll(async () => {
    browser = await openBrowser()
  }, 60_000)
  afterAll(() => browser.close())

  beforeEach(async () => {
    program = await startPageProgram()
  })
  afterEach(async () => {
    for (const context of browser.contexts()) await context.close()
    await program.stop()
  })

  describe('shows', () => {
    it('the program: its name, whether it is ready, how many services are not well', async () => {
      const { page, troubles } = await open()
      expect(await page.locator('h1').textContent()).toBe('orders')
      expect(await page.locator('#ready').textContent()).toBe('ready')
      expect(await page.locator('#counts').innerText()).toBe('12 services 1 failed 1 warning')
      expect(await page.title()).toBe('1 failed · orders')
      program.app.withholdReady()
      await soon(() => page.locator('#ready').textContent()).toBe('not ready')
      expect(await page.title()).toBe('not ready · orders')
      program.app.allowReady()
      program.mirror.fail(new Error('again'))
      await program.mirror.stopService()
      await program.mirror.startService()
      await soon(() => page.title()).toBe('orders')
      await soon(() => page.locator('#ready').textContent()).toBe('ready')
      expect(troubles).toEqual([])
    })

    it('the tree, and what each service does', async () => {
      await program.dial()
      const { page, troubles } = await open()
      expect(await names(page)).toEqual([
        'orders',
        'status',
        'database',
        'broker',
        'feed',
        'workers',
        'indexing',
        'documents',
        'flush',
        HOSTILE,
        'mirror',
        'api',
        'relay',
      ])
      await soon(() => textOf(page, 'orders/broker')).toMatch(
        /running \d+ s connection waiting tcp:127\.0\.0\.1:1 failed in a row \d.* retry (in \d+ s|now) .*ECONNREFUSED/,
      )
      await soon(() => fact(page, 'orders/feed', 'connection').textContent()).toBe('connected')
      await soon(() => textOf(page, 'orders/relay')).toMatch(/tcp:127\.0\.0\.1:\d+ connections 2 accepted 2/)
      await soon(() => textOf(page, 'orders/workers/flush')).toMatch(
        /every 100 ms runs \d+ .*last run .* took .* next run /,
      )
      expect(await textOf(page, 'orders/workers/indexing')).toMatch(/tasks 1/)
      expect(await textOf(page, 'orders/workers/indexing/documents')).toMatch(
        /steps .* CPU .* longest step .*s$/,
      )
      expect(troubles).toEqual([])
    })

    it('facts that it does not know, by their names', async () => {
      const { page } = await open()
      expect(await textOf(page, 'orders/workers/mirror')).toMatch(
        /queue length 3 leader yes bytes behind 1.2 MB region eu-west/,
      )
    })

    it('what has failed, in a way that is seen, and all of the error when it is asked for', async () => {
      const { page } = await open()
      const mirror = row(page, 'orders/workers/mirror')
      const background = (locator: Locator) =>
        locator.evaluate((element) => getComputedStyle(element).backgroundColor)
      expect(await background(mirror)).not.toBe(await background(row(page, 'orders/workers/flush')))
      expect(await mirror.locator('summary').innerText()).toBe('the mirror is gone:')
      expect(await mirror.locator('.more').isVisible()).toBe(false)
      await mirror.locator('summary').click()
      await updated(page)
      expect(await mirror.locator('.more').innerText()).toBe('<b>no route</b>\n    at Mirror.sync')
      await row(page, 'orders/workers').locator('.service').click()
      await row(page, 'orders/workers').locator('.service').click()
      expect(await mirror.locator('.more').isVisible()).toBe(true)
    })

    it('the process', async () => {
      const { page } = await open()
      const text = (await page.locator('#process').innerText()).replaceAll(/\s+/g, ' ')
      expect(text).toMatch(
        new RegExp(
          `^Process ${process.pid} Up .*(s|min) CPU \\d.* % Memory \\d+ MB Heap \\d+ MB of \\d+ MB ` +
            `Node ${process.versions.node} ${process.platform}$`,
        ),
      )
    })

    it('the delay of the event loop, as a picture and in words', async () => {
      const { page } = await open()
      await soon(() => page.locator('#chart .mean').getAttribute('d')).toMatch(/^M11\dx? ?48V/)
      const { height } = (await page.locator('#chart').boundingBox())!
      expect(height).toBeGreaterThan(40)
      expect(await page.locator('#chart').getAttribute('aria-label')).toMatch(
        /^Event loop delay of the last 2 min: .* now, .* on average, .* at most/,
      )
      expect(await page.locator('#delay').textContent()).toMatch(/^now .* · mean .* · peak /)
    })

    it('names as text, whatever they are, and what is hidden in them', async () => {
      const long = 'x'.repeat(2000)
      const evil = [
        '\u202Eevil\u202C',
        'zero\u200Bwidth',
        '',
        ' ',
        long,
        '</div><script>alert(1)</script>',
        '"\'`&',
      ]
      for (const name of evil) await hooks(name, {}).setServiceParent(program.app)
      const { page, troubles } = await open(PHONE)
      expect(await page.locator('#tree').locator('img, script, b').count()).toBe(0)
      expect((await names(page)).slice(13)).toEqual([
        String.raw`\u202eevil\u202c`,
        String.raw`zero\u200bwidth`,
        '“”',
        '“ ”',
        `${'x'.repeat(499)}…`,
        '</div><script>alert(1)</script>',
        '"\'`&',
      ])
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(375)
      expect(troubles).toEqual([])
    })

    it('that there are more services than it was told of', async () => {
      const { page } = await open()
      expect(await page.locator('#truncated').isVisible()).toBe(false)
      await page.route('**/events', async (route) => {
        const document = await (await fetch(`${program.status.url}tree.json`)).json()
        const data = JSON.stringify({ ...(document as object), truncated: true })
        await route.fulfill({ contentType: 'text/event-stream', body: `data: ${data}\n\n` })
      })
      await page.reload()
      await page.locator('#truncated').waitFor()
    })

    it('no document that it does not understand, and says so', async () => {
      const { page } = await open()
      await page.route('**/events', (route) =>
        route.fulfill({ contentType: 'text/event-stream', body: 'data: {"format":2}\n\n' }),
      )
      await page.reload()
      await page.getByRole('alert').filter({ hasText: 'load it again' }).waitFor()
      expect(await page.locator('#rows .row').count()).toBe(0)
    })
  })

  describe('updates itself', () => {
    it('while the program works, and nothing is loaded anew', async () => {
      const socket = await program.dial()
      const { page, troubles } = await open()
      await page.evaluate(() => Object.assign(globalThis, { kept: true }))
      await updated(page)
      await soon(() => fact(page, 'orders/relay', 'connections').textContent()).toBe('2')
      socket.destroy()
      await soon(() => fact(page, 'orders/relay', 'connections').textContent()).toBe('1')
      await hooks('late', {}).setServiceParent(program.app)
      await row(page, 'orders/late').waitFor()
      await program.app.getServiceNamed('late').disownServiceParent()
      await soon(() => row(page, 'orders/late').count()).toBe(0)
      expect(await page.evaluate(() => 'kept' in globalThis)).toBe(true)
      expect(troubles).toEqual([])
    })

    it('between two documents: what is counted goes on', async () => {
      await program.stop()
      program = await startPageProgram('tcp:0', [], { interval: '1h' })
      const { page } = await open()
      const since = async () =>
        Number.parseInt((await row(page, 'orders').locator('.since').textContent())!, 10)
      const before = await since()
      await soon(since).toBeGreaterThan(before + 1)
      expect(await page.locator('#word').textContent()).toBe('live')
    })

    it('and keeps the elements, the selection, the focus, what is closed and the place', async () => {
      const { page } = await open({ viewport: { width: 900, height: 400 } })
      await row(page, 'orders/workers').focus()
      await page.keyboard.press('ArrowLeft')
      const element = await row(page, 'orders/relay').elementHandle()
      await page.evaluate(() => {
        const [from, to] = ['orders/database', 'orders/feed'].map(
          (path) => document.querySelector(`[data-path="${path}"] .name`)!.firstChild!,
        )
        getSelection()!.setBaseAndExtent(from!, 2, to!, 2)
        scrollTo(0, 120)
      })
      const since = await row(page, 'orders').locator('.since').textContent()
      // A service appears above what is looked at, and another one goes.
      const early = hooks('early', {})
      await early.setServiceParent(program.app)
      await soon(() => row(page, 'orders').locator('.since').textContent()).not.toBe(since)
      expect(await row(page, 'orders/workers/flush').count()).toBe(0)
      expect(await focused(page)).toBe('orders/workers')
      expect(await page.evaluate(() => getSelection()!.toString())).toMatch(/^tabase[^]*\nfe$/)
      expect(await page.evaluate(() => scrollY)).toBe(120)
      expect(await element!.evaluate((each) => each.isConnected)).toBe(true)
    })

    it('and gives the focus of a row that goes away to the one in its place', async () => {
      await hooks('last', {}).setServiceParent(program.app)
      const { page } = await open()
      await row(page, 'orders/last').focus()
      await program.app.getServiceNamed('last').disownServiceParent()
      await soon(() => focused(page)).toBe('orders/relay')
      expect(await row(page, 'orders/last').count()).toBe(0)
    })

    it('and moves no more than it must when the order changes', async () => {
      const { page } = await open()
      const added = await page.evaluateHandle(() => {
        const paths: (string | null)[] = []
        new MutationObserver((records) => {
          for (const { addedNodes } of records)
            for (const node of addedNodes) paths.push((node as Element).getAttribute('data-path'))
        }).observe(document.getElementById('rows')!, { childList: true })
        return paths
      })
      await row(page, 'orders/database').focus()
      const database = program.app.getServiceNamed('database')
      await database.disownServiceParent()
      await database.setServiceParent(program.app)
      await soon(async () => (await names(page)).at(-1)).toBe('database')
      expect(await added.jsonValue()).toEqual(['orders/database'])
      expect(await focused(page)).toBe('orders/database')
    })

    it('says that the process is gone, and comes back by itself', async () => {
      const { page } = await open()
      const { port } = new URL(program.status.url!)
      expect(await page.locator('#banner').isVisible()).toBe(false)
      await program.stop()
      const alert = page.getByRole('alert').filter({ hasText: 'The connection to the process is lost' })
      await alert.waitFor()
      expect(await page.locator('#ready').textContent()).toBe('unknown')
      expect(await page.title()).toBe('lost · orders')
      const age = async () => Number(/is (\d+) s old/.exec((await page.locator('#age').textContent())!)?.[1])
      const before = await age()
      await soon(age).toBeGreaterThan(before)
      // What is stale stands still.
      const since = () => row(page, 'orders/workers').locator('.since').textContent()
      const stale = await since()
      await soon(age).toBeGreaterThan(before + 2)
      expect(await since()).toBe(stale)
      program = await startPageProgram(`tcp:${port}`)
      await alert.waitFor({ state: 'hidden', timeout: 20_000 })
      expect(await page.locator('#banner').isVisible()).toBe(false)
      await soon(() => page.locator('#ready').textContent()).toBe('ready')
      await updated(page)
    })

    it('says that the process is silent when it hangs', async () => {
      const proxy = await startPageProxy(program.status.url!)
      try {
        const { page } = await openPage(browser, proxy.url)
        proxy.hold()
        await page.getByRole('alert').filter({ hasText: 'The process is silent' }).waitFor()
        expect(await page.title()).toBe('silent · orders')
        expect(await page.locator('#ready').textContent()).toBe('unknown')
      } finally {
        await proxy.close()
      }
    })

    it('with a thousand services, each of which changes', async () => {
      const many = Array.from(
        { length: 1000 },
        (_, shard) => new TimerService('300ms', () => {}, { name: `shard ${shard}` }),
      )
      await program.stop()
      program = await startPageProgram('tcp:0', many, { interval: '1s' })
      const { page, troubles } = await open()
      await soon(() => page.locator('.row').count()).toBe(1013)
      const client = await page.context().newCDPSession(page)
      let documents = 0
      client.on('Network.eventSourceMessageReceived', () => documents++)
      await client.send('Network.enable')
      await client.send('Performance.enable')
      const busy = async (): Promise<number> => {
        const { metrics } = await client.send('Performance.getMetrics')
        return metrics.find(({ name }) => name === 'TaskDuration')!.value
      }
      await soon(() => documents).toBe(1)
      const before = await busy()
      await soon(() => documents).toBe(5)
      const each = ((await busy()) - before) / 4
      // It took 40 to 60 ms on two cores that had little else to do.
      expect(each).toBeLessThan(0.5)
      expect(await fact(page, 'orders', 'services').textContent()).toBe('1\u202F007')
      expect(troubles).toEqual([])
    })
  })

  describe('can be used', () => {
    it('with the keyboard', async () => {
      const { page } = await open()
      await page.keyboard.press('/')
      await page.keyboard.type('wor')
      expect(await names(page)).toEqual(['orders', 'workers'])
      await page.keyboard.press('Escape')
      expect(await page.locator('.row').count()).toBe(13)
      for (const id of ['troubled', 'open', 'close']) {
        await page.keyboard.press('Tab')
        expect(await page.evaluate(() => document.activeElement?.id)).toBe(id)
      }
      await page.keyboard.press('Tab')
      expect(await focused(page)).toBe('orders')
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('ArrowDown')
      expect(await focused(page)).toBe('orders/database')
      await page.keyboard.press('w')
      expect(await focused(page)).toBe('orders/workers')
      await page.keyboard.press('ArrowLeft')
      expect(await row(page, 'orders/workers').getAttribute('aria-expanded')).toBe('false')
      expect(await row(page, 'orders/workers').locator('.troubles').innerText()).toBe('1 problem')
      await page.keyboard.press('ArrowDown')
      expect(await focused(page)).toBe('orders/api')
      await page.keyboard.press('ArrowUp')
      await page.keyboard.press('Enter')
      expect(await row(page, 'orders/workers').getAttribute('aria-expanded')).toBe('true')
      await page.keyboard.press('m')
      await page.keyboard.press('Enter')
      expect(await row(page, 'orders/workers/mirror').locator('.more').isVisible()).toBe(true)
      // The tab key leads out of a row as into it: to its error, then on.
      await page.keyboard.press('Tab')
      await page.keyboard.press(' ')
      expect(await row(page, 'orders/workers/mirror').locator('.more').isVisible()).toBe(false)
      await page.keyboard.press('Shift+Tab')
      expect(await focused(page)).toBe('orders/workers/mirror')
    })

    it('by what is read aloud: a tree grid with levels', async () => {
      const { page } = await open()
      const tree = page.getByRole('treegrid', { name: 'Services' })
      expect(await tree.getByRole('columnheader').allTextContents()).toEqual([
        'Service',
        'State',
        'For',
        'Facts',
      ])
      const flush = tree.getByRole('row', { level: 3, name: /^flush TimerService running/ })
      expect(await flush.getAttribute('aria-posinset')).toBe('2')
      expect(await flush.getAttribute('aria-setsize')).toBe('4')
      expect(await flush.getByRole('gridcell').count()).toBe(4)
      expect(await tree.getByRole('row', { expanded: true }).locator('.name').allTextContents()).toEqual([
        'orders',
        'workers',
        'indexing',
      ])
      expect(await page.getByRole('img', { name: /^Event loop delay/ }).count()).toBe(1)
    })

    it('with the mouse, but who selects text does not close what they read', async () => {
      const { page } = await open()
      const workers = row(page, 'orders/workers')
      await workers.locator('.name').click()
      expect(await row(page, 'orders/workers/flush').count()).toBe(0)
      await workers.locator('.twisty').click()
      expect(await row(page, 'orders/workers/flush').count()).toBe(1)
      await workers.locator('.name').dblclick()
      expect(await page.evaluate(() => getSelection()!.toString())).toBe('workers')
      expect(await row(page, 'orders/workers/flush').count()).toBe(1)
      await workers.locator('.does').click()
      expect(await row(page, 'orders/workers/flush').count()).toBe(1)
      const { x, y } = (await workers.locator('.name').boundingBox())!
      await page.mouse.move(x + 3, y + 8)
      await page.mouse.down()
      await page.mouse.move(x + 40, y + 8)
      await page.mouse.up()
      expect(await page.evaluate(() => getSelection()!.toString())).toMatch(/^work/)
      expect(await row(page, 'orders/workers/flush').count()).toBe(1)
      await page.mouse.click(5, 5)
      await page.getByRole('button', { name: 'Close all' }).click()
      expect(await names(page)).toEqual([
        'orders',
        'status',
        'database',
        'broker',
        'feed',
        'workers',
        'api',
        'relay',
      ])
      await page.getByRole('button', { name: 'Open all' }).click()
      expect(await page.locator('.row').count()).toBe(13)
    })

    it('to find services by what is known of them, and what is not well', async () => {
      const { page } = await open()
      const find = page.getByRole('searchbox', { name: 'Find services' })
      await find.fill('FLUSH')
      expect(await names(page)).toEqual(['orders', 'workers', 'flush'])
      await find.fill('gone')
      expect(await names(page)).toEqual(['orders', 'workers', 'mirror'])
      await find.fill('nobody')
      expect(await page.locator('#nothing').isVisible()).toBe(true)
      await find.fill('')
      await page.getByRole('button', { name: 'Problems 2' }).click()
      expect(await names(page)).toEqual(['orders', 'broker', 'workers', 'mirror'])
      await row(page, 'orders/workers').locator('.service').click()
      expect(await names(page)).toEqual(['orders', 'broker', 'workers'])
      // What was closed while something was sought is open again when all is shown, and when it is sought anew.
      await page.getByRole('button', { name: 'Problems 2' }).click()
      expect(await page.locator('.row').count()).toBe(13)
      await page.getByRole('button', { name: 'Problems 2' }).click()
      expect(await names(page)).toEqual(['orders', 'broker', 'workers', 'mirror'])
    })
  })

  it('asks for nothing but its own files and the events', async () => {
    const asked: string[] = []
    const context = await browser.newContext()
    const page = await context.newPage()
    page.on('request', (request) => asked.push(request.url()))
    await page.goto(program.status.url!)
    await page.locator('.row').first().waitFor()
    await updated(page)
    const { origin } = new URL(program.status.url!)
    expect(
      asked.filter((url) => !/^\/(|page\.css|icon\.svg|[a-z-]+\.js|events)$/.test(url.replace(origin, ''))),
    ).toEqual([])
    expect(asked).toContain(`${origin}/events`)
  })
})
