import { Failure } from '../core/failure';
import { answersIn } from './arrayAnswers';
import type { Dataset, Targets } from './dataset';
import { fingerprintOf } from './fingerprint';
import type { Classifier } from './match';
import { readNpy, type NpyArray } from './npy';
import { readNpz } from './npz';
import { t } from '../l10n/translate';

/** Samples and labels as NumPy arrays, in memory, fed as they are. */
export class Arrays implements Dataset {
  readonly samples: number;
  readonly shape: readonly number[];
  private readonly sampleSize: number;

  private constructor(
    private readonly x: NpyArray,
    readonly labels: Int32Array,
    readonly classes: readonly string[],
    readonly targets: Targets | undefined,
    readonly files: readonly string[],
  ) {
    this.samples = labels.length;
    this.shape = x.shape.slice(1);
    this.sampleSize = this.shape.reduce((product, length) => product * length, 1);
  }

  /**
   * @param xPath samples, one a row
   * @param yPath what they should come out as; see `answersIn`
   * @param model that they are for
   * @throws Failure of kind `input`
   */
  static async open(xPath: string, yPath: string, model: Classifier): Promise<Arrays> {
    const [x, y] = await Promise.all([readNpy(xPath), readNpy(yPath)]);
    return Arrays.of(x, y, xPath, yPath, model);
  }

  /**
   * Both arrays of one `.npz` file; see `readNpz` for their names.
   * @throws Failure of kind `input`
   */
  static async openNpz(file: string, part: 'train' | 'test', model: Classifier): Promise<Arrays> {
    const { x, y } = await readNpz(file, part);
    return Arrays.of(x, y, file, file, model);
  }

  private static of(x: NpyArray, y: NpyArray, xPath: string, yPath: string, model: Classifier): Arrays {
    const rows = x.shape[0] ?? 0;
    if (rows === 0 || x.shape.length < 2) {
      throw bad(
        xPath,
        'ARRAY_SHAPE',
        t(
          'found shape ({0}), expected samples: a first axis that counts them, then theirs',
          x.shape.join(', '),
        ),
      );
    }
    const { labels, classes, targets } = answersIn(y, rows, model, yPath, xPath);
    const names = Array.from({ length: classes }, (_, label) => String(label));
    return new Arrays(x, labels, names, targets, [xPath, yPath]);
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

function bad(path: string, code: string, message: string): Failure {
  return new Failure('input', code, `${path}: ${message}`, { path });
}
