import { availableParallelism } from 'node:os';
import type { Preprocess } from '../core/plan/plan';
import { concurrently } from './concurrently';
import type { Dataset } from './dataset';
import { checkImage, decodeImage, type ImageSize } from './decodeImage';
import type { ImageListing } from './imageListing';
import { PixelCache } from './pixelCache';
import { pixelWriter, type PixelWriter } from './preprocess';

/** A listed image folder as samples: decoded to the model's size when needed, kept decoded under a budget. */
export class ImageFolder implements Dataset {
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  readonly shape: readonly number[];
  readonly files: readonly string[];
  private readonly sampleSize: number;
  private readonly write: PixelWriter;

  /** @throws Failure of kind `input` when the preprocessing does not fit the channels */
  constructor(
    listing: ImageListing,
    private readonly size: ImageSize,
    preprocess: Preprocess,
    private readonly cache: PixelCache = new PixelCache(),
  ) {
    this.classes = listing.classes.map(({ name }) => name);
    this.files = listing.classes.flatMap(({ files }) => files);
    this.labels = Int32Array.from(listing.classes.flatMap(({ files }, label) => files.map(() => label)));
    this.shape = [size.height, size.width, size.channels];
    this.sampleSize = size.height * size.width * size.channels;
    this.write = pixelWriter(preprocess, size.channels);
  }

  get samples(): number {
    return this.files.length;
  }

  /**
   * Decodes what the budget holds and reads the header of the rest, so that a bad image is met before anything is
   * written. Beyond the budget a file that breaks after its header is met in its batch.
   */
  async decodeAhead(signal?: AbortSignal): Promise<void> {
    await concurrently(this.files, availableParallelism(), async (file) => {
      signal?.throwIfAborted();
      if (this.cache.hasRoomFor(this.sampleSize)) await this.pixels(file);
      else await checkImage(file);
    });
  }

  async fill(indices: Uint32Array, into: Float32Array): Promise<void> {
    await concurrently(indices.entries(), availableParallelism(), async ([position, index]) => {
      const file = this.files[index];
      if (file === undefined) throw new RangeError(`sample ${index} of ${this.samples}`);
      this.write(await this.pixels(file), into, position * this.sampleSize);
    });
  }

  private async pixels(file: string): Promise<Uint8Array> {
    const kept = this.cache.get(file);
    if (kept) return kept;
    const pixels = await decodeImage(file, this.size);
    this.cache.keep(file, pixels);
    return pixels;
  }
}
