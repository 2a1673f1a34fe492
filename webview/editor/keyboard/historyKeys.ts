type Press = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** What VS Code binds to a key by default: Ctrl+Z, Ctrl+Shift+Z and Ctrl+Y, on a Mac Cmd+Z and Cmd+Shift+Z. */
export function historyKey(
  { key, ctrlKey, metaKey, shiftKey, altKey }: Press,
  isMac: boolean,
): 'undo' | 'redo' | undefined {
  if (altKey || ctrlKey === isMac || metaKey !== isMac) return undefined;
  switch (key.toLowerCase()) {
    case 'z':
      return shiftKey ? 'redo' : 'undo';
    case 'y':
      return isMac || shiftKey ? undefined : 'redo';
    default:
      return undefined;
  }
}
