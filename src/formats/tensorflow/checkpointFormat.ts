import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { ByteSource, statFile } from '../byteSource';
import type { Format } from '../format';
import { INDEX_SUFFIX } from './bundle';
import { endsInTable } from './bundleTable';
import { readCheckpoint } from './checkpoint';
import { t } from '../../l10n/translate';

/** In a folder of checkpoints, says which one is the newest. */
const STATE_FILE = 'checkpoint';
const MAX_STATE_BYTES = 1024 * 1024;

/** TensorFlow checkpoints: the `.index`, or the folder it is in. */
export const checkpointFormat: Format = {
  name: 'checkpoint',
  title: t('TensorFlow checkpoint'),
  extensions: [INDEX_SUFFIX],
  async detect(given) {
    const stats = await statFile(given);
    if (stats.isDirectory()) return (await indexIn(given)) !== undefined;
    if (!stats.isFile()) return false;
    // Any file of that extension is ours to refuse, with a message about what it lacks.
    if (given.endsWith(INDEX_SUFFIX)) return true;
    return stats.size >= 8 && endsInTable(await readTail(given, stats.size));
  },
  async read(given) {
    const stats = await statFile(given);
    const index = stats.isDirectory() ? await indexIn(given) : given;
    if (index !== undefined) return readCheckpoint(index);
    throw new Failure(
      'input',
      'NOT_A_MODEL',
      t('{0}: found no {1} file, expected one', given, INDEX_SUFFIX),
      {
        path: given,
      },
    );
  },
};

async function readTail(file: string, size: number): Promise<Uint8Array> {
  const source = new ByteSource();
  try {
    return await source.read([{ path: file, offset: size - 8, byteLength: 8 }]);
  } finally {
    await source.close();
  }
}

/** The index that a folder means: the one its `checkpoint` file names, else the only one there is. */
async function indexIn(folder: string): Promise<string | undefined> {
  const names = await readdir(folder);
  const indices = names.filter((name) => name.endsWith(INDEX_SUFFIX));
  if (names.includes(STATE_FILE)) {
    const { size } = await statFile(path.join(folder, STATE_FILE));
    const text = size <= MAX_STATE_BYTES ? await readFile(path.join(folder, STATE_FILE), 'utf8') : '';
    const newest = /^model_checkpoint_path: "([^"\n]*)"/m.exec(text)?.[1];
    const named = newest === undefined ? undefined : `${path.basename(newest)}${INDEX_SUFFIX}`;
    if (named !== undefined && indices.includes(named)) return path.join(folder, named);
  }
  const [only] = indices;
  return indices.length === 1 && only !== undefined ? path.join(folder, only) : undefined;
}

const DATA_SUFFIX = /\.data-\d{5}-of-\d{5}$/;

/** Data files are bare numbers: only their name says what they are. */
export function isDataFile(given: string): boolean {
  return DATA_SUFFIX.test(given);
}

/** The index of the checkpoint whose prefix, or one of whose data files, somebody named. */
export function indexOfPrefix(given: string): string {
  return `${given.replace(DATA_SUFFIX, '')}${INDEX_SUFFIX}`;
}
