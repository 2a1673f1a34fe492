/**
 * A table drawn as the Python library rich draws it for Keras: heavy head, light body, a line between rows. Source:
 * rich 15, `rich/table.py`, `rich/_ratio.py` and `rich/_wrap.py`.
 */

export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
  /** The width wished for its text; all are cut evenly where the table's width is smaller. */
  readonly width: number;
}

export function drawTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly string[] {
  const widths = textWidths(columns, width);
  const rule = (left: string, fill: string, joint: string, right: string) =>
    left + widths.map((text) => fill.repeat(text + 2)).join(joint) + right;
  const draw = (cells: readonly string[], border: string) => drawRow(cells, columns, widths, border);

  const body = rows.flatMap((row, index) => [
    ...(index > 0 ? [rule('├', '─', '┼', '┤')] : []),
    ...draw(row, '│'),
  ]);
  return [
    rule('┏', '━', '┳', '┓'),
    ...draw(
      columns.map((column) => column.title),
      '┃',
    ),
    rule('┡', '━', '╇', '┩'),
    ...body,
    rule('└', '─', '┴', '┘'),
  ];
}

/** A row is as high as its longest cell. */
function drawRow(
  cells: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  border: string,
): readonly string[] {
  const wrapped = cells.map((text, index) => wrap(text, widths[index]));
  const height = Math.max(...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, at) => {
    const texts = wrapped.map((lines, index) =>
      alignText(lines[at] ?? '', widths[index], columns[index].align),
    );
    return `${border} ${texts.join(` ${border} `)} ${border}`;
  });
}

/** Widths of text once padding (one on either side) and borders have their share of the table's width. */
function textWidths(columns: readonly Column[], width: number): readonly number[] {
  const room = width - (columns.length + 1);
  const wished = columns.map((column) => column.width + 2);
  let excess = wished.reduce((sum, one) => sum + one, 0) - room;
  return wished.map((one, index) => {
    const share = Math.min(one, roundHalfToEven(excess / (columns.length - index)));
    excess -= share;
    return Math.max(0, one - share - 2);
  });
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Breaks before the word that does not fit; a word wider than a line has one to itself and is cut. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const [word] of text.matchAll(/\s*\S+\s*/g)) {
    if (line !== '' && line.length + word.trimEnd().length > width) {
      lines.push(line);
      line = word;
    } else line += word;
  }
  return [...lines, line];
}

function alignText(text: string, width: number, align: Column['align']): string {
  const trimmed = text.trimEnd();
  const cut = trimmed.length > width ? `${trimmed.slice(0, Math.max(0, width - 1))}…` : trimmed;
  return align === 'left' ? cut.padEnd(width) : cut.padStart(width);
}
