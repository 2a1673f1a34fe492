/** A table in GitHub's Markdown, a line a row. */
export const markdownTable = (
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(markdownLine).join(' | ')} |`);

/** Names and messages may hold anything: a new line would end a row, a bar a cell, an angle bracket would be HTML. */
export const markdownLine = (text: string): string =>
  text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');
