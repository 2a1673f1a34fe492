/** How VS Code and file managers name what is dragged. */
export const URI_TYPES = ['application/vnd.code.uri-list', 'text/uri-list'] as const;

/** Of the first list of URIs that has any: a line each, with comments after `#`. */
export function urisIn(lists: readonly string[]): readonly string[] {
  const found = lists.map((list) =>
    list
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .filter((line) => line !== '' && !line.startsWith('#')),
  );
  return found.find((uris) => uris.length > 0) ?? [];
}
