/** Copies what a target ships beside the bundles into a `node_modules`. */
import { cp, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { npmPackage } from './npmPackage.mjs';
import { partsOf } from './targets.mjs';

/**
 * @param {string} target one of `TARGETS`
 * @param {string} folder the `node_modules` to fill
 * @param {{ download?: boolean }} options whether what is not installed may be fetched from the registry
 */
export async function copyParts(target, folder, { download = false } = {}) {
  for (const part of partsOf(target)) {
    const source = await npmPackage(part, { download });
    for (const entry of await readdir(source, { recursive: true, withFileTypes: true })) {
      const file = path.relative(source, path.join(entry.parentPath, entry.name));
      const wanted = entry.isFile() && part.files.test(file.split(path.sep).join('/'));
      if (!wanted) continue;
      const copy = path.join(folder, part.name, file);
      await mkdir(path.dirname(copy), { recursive: true });
      await cp(path.join(source, file), copy, { dereference: true });
    }
  }
}
