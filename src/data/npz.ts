import { Failure } from '../core/failure';
import { openZip } from '../formats/zip/zipFile';
import { LARGEST_FILE, parseNpy, type NpyArray } from './npy';
import { t } from '../l10n/translate';

/** Names that people give their arrays, by what is in them: the first that is there is taken. */
const NAMES = {
  train: [
    ['x', 'y'],
    ['x_train', 'y_train'],
    ['X_train', 'y_train'],
    ['images', 'labels'],
    ['arr_0', 'arr_1'],
  ],
  test: [
    ['x_test', 'y_test'],
    ['X_test', 'y_test'],
    ['x_val', 'y_val'],
    ['X_val', 'y_val'],
  ],
} as const;

/**
 * The samples and labels that one `.npz` file holds.
 * @throws Failure of kind `input` that lists the names it has
 */
export async function readNpz(
  file: string,
  part: 'train' | 'test',
): Promise<{ readonly x: NpyArray; readonly y: NpyArray }> {
  const zip = await openZip(file);
  try {
    const pair = NAMES[part].find((names) => names.every((name) => zip.entry(`${name}.npy`)));
    if (!pair) {
      const found = zip.entries.slice(0, SHOWN).map(({ name }) => name.replace(/\.npy$/, ''));
      throw new Failure(
        'input',
        'NPZ_NAMES',
        t(
          '{0}: found the arrays {1}, expected {2}',
          file,
          found.join(', ') || t('(none)'),
          NAMES[part].map((names) => names.join(t(' and '))).join(t(', or ')),
        ),
        { path: file },
      );
    }
    const read = async (name: string) => {
      const entry = zip.entry(`${name}.npy`);
      if (!entry) throw new RangeError(`no entry ${name}`);
      return parseNpy(await zip.readEntry(entry, LARGEST_FILE), `${file}: ${name}`);
    };
    const x = await read(pair[0]);
    return { x, y: await read(pair[1]) };
  } finally {
    zip.close();
  }
}

const SHOWN = 10;
