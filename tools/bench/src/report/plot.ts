/**
 * What each costs by how many there are, as a picture.
 *
 * @module
 */
import { shown } from './figure.ts'
import type { Summary } from './summary.ts'

const [WIDTH, HEIGHT] = [560, 260]
const [LEFT, RIGHT, TOP, BOTTOM] = [64, 24, 40, 44]
const COLOURS = ['#2f6fbb', '#b4541f', '#3b8040']

/** @returns an SVG: a line for each quantity, over the sizes of the sides on a logarithmic scale; bars from quartile to quartile */
export function plot({ title, quantities, sides }: Summary): string {
  const sizes = sides.map(({ size = 1 }) => size)
  const entries = Object.entries(quantities)
  const unit = entries[0]![1].unit
  const highest = ceiling(
    Math.max(...sides.flatMap(({ figures }) => Object.values(figures).map(({ quartiles }) => quartiles[1]))),
  )
  const [first, last] = [Math.log10(sizes[0]!), Math.log10(sizes.at(-1)!)]
  const x = (size: number) =>
    LEFT + ((Math.log10(size) - first) / (last - first || 1)) * (WIDTH - LEFT - RIGHT)
  const y = (value: number) => HEIGHT - BOTTOM - (value / highest) * (HEIGHT - TOP - BOTTOM)
  const parts: string[] = []
  for (let tick = 0; tick <= 4; tick++) {
    const value = (highest * tick) / 4
    parts.push(
      `<line class="grid" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${at(y(value))}" y2="${at(y(value))}"/>`,
      `<text class="end" x="${LEFT - 8}" y="${at(y(value) + 4)}">${tick === 0 ? '0' : shown(value)}</text>`,
    )
  }
  for (const size of sizes) {
    const anchor = size === sizes.at(-1) ? ' class="end"' : ''
    parts.push(
      `<text${anchor} x="${at(x(size))}" y="${HEIGHT - BOTTOM + 18}">${size.toLocaleString('en')}</text>`,
    )
  }
  for (const [i, [name, { title: what }]] of entries.entries()) {
    const colour = COLOURS[i % COLOURS.length]
    const points = sides.flatMap(({ size = 1, figures }) => {
      const found = figures[name]
      return found === undefined ? [] : [{ size, found }]
    })
    const line = points.map(({ size, found }) => `${at(x(size))},${at(y(found.median))}`).join(' ')
    parts.push(`<polyline fill="none" stroke="${colour}" stroke-width="2" points="${line}"/>`)
    for (const { size, found } of points) {
      const [low, high] = found.quartiles
      parts.push(
        `<line stroke="${colour}" x1="${at(x(size))}" x2="${at(x(size))}" y1="${at(y(low))}" y2="${at(y(high))}"/>`,
        `<circle fill="${colour}" cx="${at(x(size))}" cy="${at(y(found.median))}" r="3.5"/>`,
      )
    }
    parts.push(
      `<text fill="${colour}" style="fill:${colour}" x="${LEFT + 150 * i}" y="${HEIGHT - 8}">${what}, ${unit}</text>`,
    )
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">
<style>text{font:12px sans-serif;fill:#555}.end{text-anchor:end}.grid{stroke:#ddd}.title{font-weight:bold}
@media (prefers-color-scheme:dark){text{fill:#bbb}.grid{stroke:#444}}</style>
<text class="title" x="${LEFT}" y="20">${title}</text>
${parts.join('\n')}
</svg>
`
}

function at(value: number): number {
  return Math.round(value * 10) / 10
}

/** The next round number. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 4, 5, 8, 10].find((part) => part * power >= value) ?? 10) * power
}
