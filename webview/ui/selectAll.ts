/**
 * VS Code carries Ctrl+A out once more in a page, from outside and later: what is typed into a field meanwhile would be
 * typed over. In a field the browser's own is enough, so VS Code does not hear of it.
 */
export function selectFieldsOnce(): void {
  const keepFromVsCode = (event: KeyboardEvent) => {
    const [target] = event.composedPath();
    const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
    const isSelectAll = event.key.toLowerCase() === 'a' && (event.ctrlKey || event.metaKey) && !event.altKey;
    if (isField && isSelectAll) event.stopImmediatePropagation();
  };
  // On the way down, since VS Code's own listener is on the same window.
  window.addEventListener('keydown', keepFromVsCode, true);
}
