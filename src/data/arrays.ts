import { Failure } from '../core/failure';
import type { Dataset } from './dataset';
import { fingerprintOf } from './fingerprint';
import { readNpy, type NpyArray } from './npy';
import { readNpz } from './npz';

/** Samples and labels as NumPy arrays, in memory, fed as they are. */
export class Arrays implements Dataset {
  readonly samples: number;
  readonly shape: readonly number[];
  private readonly sampleSize: number;

  private constructor(
    private readonly x: NpyArray,
    readonly labels: Int32Array,
    readonly classes: readonly string[],
    readonly files: readonly string[],
  ) {
    this.samples = labels.length;
    this.shape = x.shape.slice(1);
    this.sampleSize = this.shape.reduce((product, length) => product * length, 1);
  }

  /**
   * @param xPath samples, one a row
   * @param yPath labels from zero, of shape (n,) or (n, 1)
   * @throws Failure of kind `input`
   */
  static async open(xPath: string, yPath: string): Promise<Arrays> {
    const [x, y] = await Promise.all([readNpy(xPath), readNpy(yPath)]);
    return Arrays.of(x, y, xPath, yPath);
  }

  /**
   * Both arrays of one `.npz` file; see `readNpz` for their names.
   * @throws Failure of kind `input`
   */
  static async openNpz(file: string, part: 'train' | 'test'): Promise<Arrays> {
    const { x, y } = await readNpz(file, part);
    return Arrays.of(x, y, file, file);
  }

  private static of(x: NpyArray, y: NpyArray, xPath: string, yPath: string): Arrays {
    const rows = x.shape[0] ?? 0;
    if (rows === 0 || x.shape.length < 2) {
      throw bad(
        xPath,
        'ARRAY_SHAPE',
        `found shape (${x.shape.join(', ')}), expected samples: a first axis that counts them, then theirs`,
      );
    }
    const flat = y.shape.length === 1 || (y.shape.length === 2 && y.shape[1] === 1);
    if (!flat || y.shape[0] !== rows) {
      throw bad(
        yPath,
        'ARRAY_LABELS',
        `found shape (${y.shape.join(', ')}), expected (${rows},): one label for each row of ${xPath}`,
      );
    }
    const wrong = y.values.findIndex((label) => !Number.isInteger(label) || label < 0 || label >= 2 ** 31);
    if (wrong >= 0) {
      throw bad(
        yPath,
        'ARRAY_LABELS',
        `found the label ${y.values[wrong]} in row ${wrong}, expected whole numbers from 0`,
      );
    }
    const labels = Int32Array.from(y.values);
    const largest = labels.reduce((most, label) => Math.max(most, label), 0);
    if (largest >= MOST_CLASSES) {
      throw bad(yPath, 'ARRAY_LABELS', `found the label ${largest}, expected labels below ${MOST_CLASSES}`);
    }
    return new Arrays(
      x,
      labels,
      Array.from({ length: largest + 1 }, (_, label) => String(label)),
      [xPath, yPath],
    );
  }

  fingerprint(): Promise<string> {
    return fingerprintOf(this.files);
  }

  async fill(indices: Uint32Array, into: Float32Array): Promise<void> {
    indices.forEach((index, position) => {
      const row = this.x.values.subarray(index * this.sampleSize, (index + 1) * this.sampleSize);
      into.set(row, position * this.sampleSize);
    });
  }
}

/** Beyond any classifier's output; a label as large is not a label. */
const MOST_CLASSES = 1_000_000;

function bad(path: string, code: string, message: string): Failure {
  return new Failure('input', code, `${path}: ${message}`, { path });
}
