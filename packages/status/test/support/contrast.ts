/** Contrast of texts in a page, by the formula of WCAG 2. */
import type { Page } from 'playwright-core'

/** A text that is too pale, and how. */
export interface PaleText {
  readonly text: string
  readonly color: string
  readonly background: string
  readonly ratio: number
}

/** The texts whose contrast with what is behind them is below `least`. */
export function paleTexts(page: Page, least: number): Promise<PaleText[]> {
  return page.evaluate((least) => {
    const channels = (color: string): number[] => (color.match(/[\d.]+/g) ?? []).map(Number)
    const luminance = (color: string): number => {
      const [red = 0, green = 0, blue = 0] = channels(color).map((value) => {
        const share = value / 255
        return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const behind = (element: Element | null): string => {
      for (let each = element; each !== null; each = each.parentElement) {
        const { backgroundColor } = getComputedStyle(each)
        if ((channels(backgroundColor)[3] ?? 1) > 0) return backgroundColor
      }
      return 'rgb(255, 255, 255)'
    }
    const found = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const element = node.parentElement!
      const text = node.textContent!.trim()
      if (text === '' || element.getClientRects().length === 0) continue
      const { color } = getComputedStyle(element)
      const background = behind(element)
      const [one, other] = [luminance(color) + 0.05, luminance(background) + 0.05]
      const ratio = Math.max(one, other) / Math.min(one, other)
      if (ratio < least) found.push({ text, color, background, ratio })
    }
    return found
  }, least)
}
