/**
 * Rows under each other, for people.
 *
 * @module
 */

/** @param rows - the first has the names of the columns */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => String(row[column]).length)))
  const cell = (value: string | number, width: number): string =>
    typeof value === 'number' ? String(value).padStart(width) : String(value).padEnd(width)
  return rows
    .map((row) =>
      row
        .map((value, column) => cell(value, widths[column]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}
