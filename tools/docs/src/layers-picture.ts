/**
 * Draws the packages, layer upon layer, out of the table of the layers: `node src/layers-picture.ts` writes `images/layers.svg`.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The row of a package in the table. */
interface Row {
  readonly layer: number
}

const WIDTH = 880
const LEFT = 250
const ROW = 62
const GAP = 10

/** What the packages of a layer have in common. */
const MEANINGS = [
  'roles: types only',
  'time, errors, log',
  'talk, patience, services',
  'networks; work on them',
  'places, servers, processes',
  'views of it all',
  'the command',
]

/** Follows the reader's choice of light or dark. */
const STYLE = `
  .ground { fill: #ffffff; }
  .band { fill: #f1f4f8; }
  .box { fill: #ffffff; stroke: #3b6ea5; stroke-width: 1.5; }
  text { font: 14px system-ui, sans-serif; fill: #1c2733; }
  .small { font-size: 12px; fill: #4a5a6a; }
  .arrow { stroke: #4a5a6a; stroke-width: 1.5; fill: none; }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0f151c; }
    .band { fill: #1a232e; }
    .box { fill: #0f151c; stroke: #7fb2e5; }
    text { fill: #e8eef4; }
    .small { fill: #b3c0cd; }
    .arrow { stroke: #b3c0cd; }
  }
`

/** The picture of a table of layers, as SVG. */
export function layersPicture(table: Readonly<Record<string, Row>>): string {
  const top = Math.max(...Object.values(table).map(({ layer }) => layer))
  const height = (top + 1) * ROW + GAP
  const parts = Array.from({ length: top + 1 }, (_, layer) => {
    const names = Object.keys(table).filter((name) => table[name]!.layer === layer)
    const y = (top - layer) * ROW + GAP
    const width = (WIDTH - LEFT - GAP) / names.length
    const boxes = names.map((name, index) => {
      const x = LEFT + index * width
      return [
        `<rect class="box" x="${x.toFixed(1)}" y="${y + 8}" width="${(width - GAP).toFixed(1)}" height="36" rx="6"/>`,
        `<text x="${(x + (width - GAP) / 2).toFixed(1)}" y="${y + 31}" text-anchor="middle">${name}</text>`,
      ].join('\n')
    })
    return [
      `<rect class="band" x="40" y="${y}" width="${WIDTH - 50}" height="${ROW - GAP}" rx="8"/>`,
      `<text x="54" y="${y + 31}">${layer}</text>`,
      `<text class="small" x="76" y="${y + 31}">${MEANINGS[layer] ?? ''}</text>`,
      ...boxes,
    ].join('\n')
  })
  const names = Object.keys(table).length
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${names} packages in ${top + 1} layers; each depends on lower layers only</title>
<style>${STYLE}</style>
<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
<path class="arrow" d="M20 ${GAP + 8} V${height - GAP - 10} M14 ${height - GAP - 18} L20 ${height - GAP - 9} L26 ${height - GAP - 18}"/>
${parts.toReversed().join('\n')}
</svg>
`
}

/** The table, as the checks have it. */
export function layersTable(): Record<string, Row> {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../checks/layers.json'), 'utf8')) as Record<
    string,
    Row
  >
}

if (import.meta.main) {
  writeFileSync(join(import.meta.dirname, '../images/layers.svg'), layersPicture(layersTable()))
}
