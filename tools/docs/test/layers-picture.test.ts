import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layersPicture, layersTable } from '../src/layers-picture.ts'

describe('the picture of the layers', () => {
  it('is that of the table', () => {
    const picture = readFileSync(join(import.meta.dirname, '../images/layers.svg'), 'utf8')
    expect(picture).toBe(layersPicture(layersTable()))
  })

  it('has a box for each package, the highest layer on top, and colours for the dark', () => {
    const picture = layersPicture({ low: { layer: 0 }, left: { layer: 1 }, right: { layer: 1 } })
    expect([...picture.matchAll(/middle">([^<]+)/g)].map((match) => match[1])).toEqual([
      'left',
      'right',
      'low',
    ])
    expect(picture).toContain('3 packages in 2 layers')
    expect(picture).toContain('prefers-color-scheme: dark')
  })
})
