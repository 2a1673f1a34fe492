import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** One bundle a language, as VS Code wants it, of the parts that are kept one for each part of the code. */
export async function writeLanguages(from, to) {
  await mkdir(to, { recursive: true });
  for (const { name: language } of (await readdir(from, { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  )) {
    const folder = path.join(from, language);
    const parts = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
    const sentences = await Promise.all(
      parts.map(async (part) => JSON.parse(await readFile(path.join(folder, part), 'utf8'))),
    );
    const bundle = JSON.stringify(Object.assign({}, ...sentences));
    await writeFile(path.join(to, `bundle.l10n.${language}.json`), bundle);
  }
}
