import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

/** A small good file, or a folder of them, that damaged ones are made of. */
export interface Sample {
  /** For people. */
  readonly name: string;
  /** By their paths in a folder of their own. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** What is opened: one of the paths, or that of a folder (`` is the folder of all). */
  readonly open: string;
}

/** @param content by paths */
export function sampleOf(name: string, open: string, content: Readonly<Record<string, Uint8Array>>): Sample {
  return { name, open, files: new Map(Object.entries(content)) };
}

/** Files of `test/fixtures`, by their names without what they have in common. */
export function fixtures(root: string): {
  readonly file: (name: string) => Sample;
  readonly folder: (name: string, open?: string, wanted?: RegExp) => Sample;
  readonly bytes: (name: string) => Uint8Array;
} {
  const bytes = (name: string) => readFileSync(path.join(root, name));
  return {
    bytes,
    file: (name) => sampleOf(name, path.basename(name), { [path.basename(name)]: bytes(name) }),
    folder: (name, open = '', wanted = /(?:)/) => {
      const folder = path.join(root, name);
      const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
        (file) => wanted.test(file) && statSync(path.join(folder, file)).isFile(),
      );
      const content = Object.fromEntries(names.sort().map((file) => [file, bytes(path.join(name, file))]));
      return sampleOf(`${name}/${open}`, open, content);
    },
  };
}
