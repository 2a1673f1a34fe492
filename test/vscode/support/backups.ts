import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Whether VS Code holds a backup of the unsaved edits of a file with that name. */
export function isBackedUp(home: string, name: string): boolean {
  const folder = path.join(home, 'user/User/Backups');
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
      (entry) =>
        entry.isFile() && readFileSync(path.join(entry.parentPath, entry.name), 'utf8').includes(name),
    );
  } catch {
    // None yet, or one that was removed while this looked.
    return false;
  }
}
