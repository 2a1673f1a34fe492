/** Pixels. */
export const ROW_HEIGHT = 26;

/** Rows mounted beyond either border, so that a scroll of a line or two shows no gap. */
const BEYOND = 3;

/** The rows that are mounted: from `first` on, up to but not `end`. */
export function mountedRows(
  rows: number,
  scrolled: number,
  height: number,
): { readonly first: number; readonly end: number } {
  const seen = Math.ceil(height / ROW_HEIGHT) + 1;
  const top = Math.min(Math.max(0, Math.floor(scrolled / ROW_HEIGHT)), Math.max(0, rows - 1));
  return { first: Math.max(0, top - BEYOND), end: Math.min(rows, top + seen + BEYOND) };
}

/** Where to scroll so that a row is in sight; undefined where it is. */
export function scrollTo(place: number, scrolled: number, height: number): number | undefined {
  const top = place * ROW_HEIGHT;
  if (top < scrolled) return top;
  if (top + ROW_HEIGHT > scrolled + height) return top + ROW_HEIGHT - height;
  return undefined;
}
