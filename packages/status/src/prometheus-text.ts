/**
 * Prometheus' text format, version 0.0.4.
 *
 * @module
 */

/** Labels of one sample. */
export type Labels = Readonly<Record<string, string>>

/** What a family of samples is. */
export interface Family {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
}

/** Collects samples, and writes those of a family together, families in the order in which they were first seen. */
export class PrometheusText {
  static readonly contentType = 'text/plain; version=0.0.4; charset=utf-8'
  readonly #families = new Map<Family, string[]>()

  /** Adds a sample; a value that is none is left out. */
  add(family: Family, value: number | null | undefined, labels: Labels = {}): void {
    if (value === null || value === undefined) return
    let lines = this.#families.get(family)
    if (lines === undefined) this.#families.set(family, (lines = []))
    const inner = Object.entries(labels).map(([name, text]) => `${name}="${escapeLabel(text)}"`)
    lines.push(`${family.name}${inner.length === 0 ? '' : `{${inner.join(',')}}`} ${value}\n`)
  }

  toString(): string {
    let text = ''
    for (const [{ name, type, help }, lines] of this.#families) {
      text += `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
    }
    return text
  }
}

function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
