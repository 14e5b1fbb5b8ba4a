/** Contrast of what a page shows, by the formula of WCAG 2. */
import type { Page } from 'playwright-core'

/** What is too pale, and how. */
interface Pale {
  readonly what: string
  readonly color: string
  readonly background: string
  readonly ratio: number
}

/** How much of a page was looked at, and what of it is too pale. */
export interface Contrast {
  readonly texts: number
  readonly pale: readonly Pale[]
}

/** What has to be seen besides texts: by selector, and the property that colors it. */
export type Drawn = readonly (readonly [selector: string, property: string])[]

/**
 * Measures the contrast of each text with what is behind it (4.5 at least), and of what is drawn (3 at least).
 */
export function contrastOf(page: Page, drawn: Drawn): Promise<Contrast> {
  return page.evaluate((drawn) => {
    type Color = readonly [red: number, green: number, blue: number, alpha: number]
    const read = (color: string): Color => {
      const [red = 0, green = 0, blue = 0, alpha = 1] = (color.match(/[\d.]+/g) ?? []).map(Number)
      return [red, green, blue, alpha]
    }
    const luminance = (color: Color): number => {
      const [red, green, blue] = color.map((value) => {
        const share = value / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      }) as unknown as Color
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const chain = (element: Element | null): Element[] => {
      const elements = []
      for (let each = element; each !== null; each = each.parentElement) elements.push(each)
      return elements
    }
    const behind = (element: Element | null): Color => {
      for (const each of chain(element)) {
        const color = read(getComputedStyle(each).backgroundColor)
        if (color[3] > 0) return color
      }
      return [255, 255, 255, 1]
    }
    /** As it is seen through the filter that turns what is stale gray. */
    const seen = (color: Color, element: Element | null): Color => {
      if (!chain(element).some((each) => getComputedStyle(each).filter === 'grayscale(1)')) return color
      const gray = 0.2126 * color[0] + 0.7152 * color[1] + 0.0722 * color[2]
      return [gray, gray, gray, color[3]]
    }
    const pale: { what: string; color: string; background: string; ratio: number }[] = []
    const check = (
      what: string,
      color: string,
      element: Element | null,
      around: Element | null,
      least: number,
    ) => {
      const background = behind(around)
      const [one, other] = [read(color), background].map((each) => luminance(seen(each, element)) + 0.05)
      const ratio = Math.max(one!, other!) / Math.min(one!, other!)
      if (ratio < least) pale.push({ what, color, background: background.join(' '), ratio })
    }
    let texts = 0
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!
      const text = node.textContent!.trim()
      if (text === '' || !element.checkVisibility()) continue
      texts++
      check(text, getComputedStyle(element).color, element, element, 4.5)
    }
    for (const input of document.querySelectorAll('input')) {
      check('placeholder', getComputedStyle(input, '::placeholder').color, input, input, 4.5)
    }
    for (const [selector, property] of drawn) {
      for (const element of document.querySelectorAll(selector)) {
        const color = getComputedStyle(element).getPropertyValue(property)
        if (read(color)[3] > 0) check(selector, color, element, element.parentElement, 3)
      }
    }
    return { texts, pale }
  }, drawn)
}
