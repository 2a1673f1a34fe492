import type { LayerGraph } from '../core/graph/layerGraph';
import { donorOf, donorPath, withDonor, type DonorReference, type Donors } from '../core/surgery/donors';
import { activeOperations, type Operation, type Recipe } from '../core/surgery/recipe';
import { statFile } from './byteSource';
import { checkFile, fingerprintOf, type Fingerprint } from './fingerprint';
import type { ModelFile } from './format';
import { openModel } from './registry';

interface OpenedDonor {
  readonly file: ModelFile;
  /** Of the file as it was opened. */
  readonly stamp: string;
  fingerprint?: Promise<Fingerprint>;
}

/**
 * The models that recipes take layers and weights from, by the absolute paths that recipes in memory have. Each is opened
 * once, and again only when its file is another by its time or size. Weights stay where they are.
 */
export class DonorShelf {
  private readonly opened = new Map<string, OpenedDonor>();
  private readonly drawn = new Map<string, LayerGraph>();

  /** Every donor opened so far; grows and changes with `open`. */
  get graphs(): Donors {
    return this.drawn;
  }

  /** The donor at this path, where it was opened. */
  fileOf(path: string): ModelFile | undefined {
    return this.opened.get(path)?.file;
  }

  /**
   * Opens the donors of all operations that are carried out. Where the recipe says what a donor's file was, it must be
   * that file.
   *
   * @throws Failure of reading, and `RECIPE_FOR_ANOTHER_FILE`
   */
  async open(recipe: Pick<Recipe, 'operations'>): Promise<void> {
    for (const operation of activeOperations(recipe)) {
      const donor = donorOf(operation);
      if (donor === undefined) continue;
      const opened = await this.openedAt(donorPath(donor));
      if (typeof donor !== 'string' && donor.sha256 !== undefined) {
        checkFile({ ...donor, sha256: donor.sha256 }, await fingerprint(opened), opened.file.path);
      }
    }
  }

  /**
   * The recipe with what each donor's file is, of the operations that are carried out.
   *
   * @throws Failure where one that is not said yet cannot be read
   */
  async fingerprinted<R extends Pick<Recipe, 'operations'>>(recipe: R): Promise<R> {
    const operations: Operation[] = [];
    for (const operation of recipe.operations) operations.push(await this.withFingerprint(operation));
    return operations.every((operation, at) => operation === recipe.operations[at])
      ? recipe
      : { ...recipe, operations };
  }

  /** Opens one that no recipe names yet. @throws Failure of reading; the signal's reason once it is aborted */
  async openFile(path: string, signal?: AbortSignal): Promise<ModelFile> {
    return (await this.openedAt(path, signal)).file;
  }

  private async withFingerprint(operation: Operation): Promise<Operation> {
    const donor: DonorReference | undefined = donorOf(operation);
    if (
      donor === undefined ||
      operation.disabled ||
      (typeof donor !== 'string' && donor.sha256 !== undefined)
    )
      return operation;
    const path = donorPath(donor);
    const known = await fingerprint(await this.openedAt(path));
    return withDonor(operation, () => ({ path, ...known }));
  }

  private async openedAt(path: string, signal?: AbortSignal): Promise<OpenedDonor> {
    const known = this.opened.get(path);
    if (known && (await stampOf(known.file.path)) === known.stamp) return known;
    const file = await openModel(path, signal);
    const opened: OpenedDonor = { file, stamp: await stampOf(file.path) };
    this.opened.set(path, opened);
    this.drawn.set(path, file.graph);
    return opened;
  }
}

/** A shelf with the donors of one recipe. @throws Failure of reading, and `RECIPE_FOR_ANOTHER_FILE` */
export async function donorsOf(recipe: Pick<Recipe, 'operations'>): Promise<DonorShelf> {
  const shelf = new DonorShelf();
  await shelf.open(recipe);
  return shelf;
}

function fingerprint(opened: OpenedDonor): Promise<Fingerprint> {
  opened.fingerprint ??= fingerprintOf(opened.file.path);
  return opened.fingerprint;
}

async function stampOf(path: string): Promise<string> {
  const { mtimeMs, size } = await statFile(path);
  return `${mtimeMs} ${size}`;
}
