/** Rows as lines of aligned columns, two spaces between them; numbers end where their column ends. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => [...(row[at] ?? '')].length)));
  const isRight = widths.map((_, at) =>
    rows.slice(1).every((row) => /^[-–\d.,e+]*$|^NaN$/.test(row[at] ?? '')),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => {
          const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - [...cell].length));
          return isRight[at] ? gap + cell : cell + gap;
        })
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join('');
}
