import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { readBounded } from './readBounded';
import type { Pixels } from './pixels';
import { t } from '../l10n/translate';

/** The binary version of CIFAR, as its authors pack it (Krizhevsky, Learning Multiple Layers of Features, 2009). */
interface Layout {
  readonly name: string;
  readonly train: RegExp;
  readonly test: string;
  /** Of each label that stands before an image: how many classes, and the file that names them. */
  readonly labels: readonly {
    readonly kind: 'fine' | 'coarse';
    readonly classes: number;
    readonly names: string;
  }[];
}

const LAYOUTS: readonly Layout[] = [
  {
    name: 'CIFAR-10',
    train: /^data_batch_\d+\.bin$/,
    test: 'test_batch.bin',
    labels: [{ kind: 'fine', classes: 10, names: 'batches.meta.txt' }],
  },
  {
    name: 'CIFAR-100',
    train: /^train\.bin$/,
    test: 'test.bin',
    labels: [
      { kind: 'coarse', classes: 20, names: 'coarse_label_names.txt' },
      { kind: 'fine', classes: 100, names: 'fine_label_names.txt' },
    ],
  },
];

const SIDE = 32;
const PLANE = SIDE * SIDE;
const IMAGE = 3 * PLANE;
/** Six times what either has; all of it is held in memory. */
const LARGEST_BATCH = 2 ** 30;
/** A hundred names. */
const LONGEST_NAMES = 2 ** 16;

export const CIFAR_LAYOUT: Omit<Pixels, 'data'> = { height: SIDE, width: SIDE, channels: 3 };

export interface CifarImages {
  readonly files: readonly string[];
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  /** One image after another, channels interleaved. */
  readonly pixels: Uint8Array;
}

/**
 * Reads the training batches or the test batch of a folder of CIFAR-10 or CIFAR-100, which its files' names tell apart.
 * @param kind which of CIFAR-100's two labels
 * @throws Failure of kind `input`
 */
export async function readCifar(
  folder: string,
  part: 'train' | 'test',
  kind: 'fine' | 'coarse',
): Promise<CifarImages> {
  const { layout, names } = await layoutOf(folder);
  const position = layout.labels.findIndex((label) => label.kind === kind);
  const label = layout.labels[position];
  if (!label) {
    throw bad(
      folder,
      'CIFAR_LABELS',
      t('found {0}, which has no {1} labels, expected CIFAR-100; leave "labels" out', layout.name, kind),
    );
  }
  const wanted = part === 'test' ? [layout.test] : names.filter((name) => layout.train.test(name));
  const files = wanted.map((name) => path.join(folder, name));
  const record = layout.labels.length + IMAGE;
  const batches: Uint8Array[] = [];
  let total = 0;
  for (const file of files) {
    const bytes = await readBounded(file, LARGEST_BATCH - total, t('a binary batch of {0}', layout.name));
    if (bytes.length === 0 || bytes.length % record !== 0) {
      throw bad(
        file,
        'CIFAR_SIZE',
        t(
          'found {0} bytes, expected a multiple of {1}: an image of {2} each; download it again',
          bytes.length,
          record,
          layout.name,
        ),
      );
    }
    total += bytes.length;
    batches.push(bytes);
  }
  const count = total / record;
  const labels = new Int32Array(count);
  const pixels = new Uint8Array(count * IMAGE);
  let sample = 0;
  for (const [batch, bytes] of batches.entries()) {
    for (let at = 0; at < bytes.length; at += record, sample++) {
      const found = bytes[at + position] ?? 0;
      if (found >= label.classes) {
        throw bad(
          files[batch] ?? folder,
          'CIFAR_LABELS',
          t(
            'found the label {0} in image {1}, expected 0 to {2} as in {3}',
            found,
            at / record,
            label.classes - 1,
            layout.name,
          ),
        );
      }
      labels[sample] = found;
      interleave(bytes.subarray(at + layout.labels.length, at + record), pixels, sample * IMAGE);
    }
  }
  return { files, classes: await namesOf(path.join(folder, label.names), label.classes), labels, pixels };
}

/** From a plane a colour to a colour a pixel. */
function interleave(planes: Uint8Array, into: Uint8Array, offset: number): void {
  for (let pixel = 0, to = offset; pixel < PLANE; pixel++) {
    for (let channel = 0; channel < 3; channel++) into[to++] = planes[channel * PLANE + pixel] ?? 0;
  }
}

async function layoutOf(folder: string): Promise<{ layout: Layout; names: readonly string[] }> {
  const found = await readdir(folder).catch((cause: unknown) => {
    throw bad(
      folder,
      'DATA_FOLDER',
      t('nothing readable there, expected a folder with the binary version of CIFAR'),
      cause,
    );
  });
  const names = found.sort((a, b) => batchNumber(a) - batchNumber(b));
  const layout = LAYOUTS.find(({ train }) => names.some((name) => train.test(name)));
  if (layout) return { layout, names };
  throw bad(
    folder,
    'CIFAR_FILES',
    t(
      'found neither data_batch_1.bin nor train.bin, expected the binary version of CIFAR-10 or CIFAR-100, unpacked',
    ),
  );
}

const batchNumber = (name: string) => Number(/\d+/.exec(name)?.[0] ?? 0);

/** The names where the file is there and has one a class; else the numbers. */
async function namesOf(file: string, classes: number): Promise<readonly string[]> {
  const isSmall = await stat(file).then(
    ({ size }) => size <= LONGEST_NAMES,
    () => false,
  );
  const lines = isSmall ? (await readFile(file, 'utf8')).split('\n').map((line) => line.trim()) : [];
  const names = lines.filter((line) => line !== '');
  return names.length === classes && new Set(names).size === classes
    ? names
    : Array.from({ length: classes }, (_, label) => String(label));
}

function bad(where: string, code: string, message: string, cause?: unknown): Failure {
  return new Failure('input', code, `${where}: ${message}`, { path: where, cause });
}
