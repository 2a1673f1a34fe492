import { availableParallelism } from 'node:os';
import { concurrently } from './concurrently';
import { checkImage, decodeShrunk, shrinkPixels } from './decodeImage';
import { fingerprintOf } from './fingerprint';
import { PixelCache } from './pixelCache';
import type { ImageSize, Pixels } from './pixels';

/** Images by index, wherever they are. */
export interface PixelSource {
  /** Of each image, where each has one of its own. */
  readonly files: readonly string[];
  /** The files that all of them come from. */
  readonly origins: readonly string[];
  /** Meets what cannot be decoded, as far as memory allows. @throws Failure of kind `input` */
  decodeAhead(signal?: AbortSignal): Promise<void>;
  /** No larger than the model's size, with its channels; smaller where the image is. */
  pixels(index: number): Promise<Pixels>;
  fingerprint(): Promise<string>;
}

/** Image files, decoded when needed, kept decoded under a budget. */
export class ImageFiles implements PixelSource {
  constructor(
    readonly files: readonly string[],
    private readonly size: ImageSize,
    private readonly cache: PixelCache = new PixelCache(),
  ) {}

  get origins(): readonly string[] {
    return this.files;
  }

  /**
   * Reads each header and decodes what the budget holds, so that a bad image is met before anything is written. Beyond
   * the budget a file that breaks after its header is met in its batch.
   */
  async decodeAhead(signal?: AbortSignal): Promise<void> {
    const { height, width, channels } = this.size;
    await concurrently(this.files.entries(), availableParallelism(), async ([index, file]) => {
      signal?.throwIfAborted();
      await checkImage(file);
      if (this.cache.hasRoomFor(height * width * channels)) await this.pixels(index);
    });
  }

  async pixels(index: number): Promise<Pixels> {
    const file = this.files[index];
    if (file === undefined) throw new RangeError(`sample ${index} of ${this.files.length}`);
    const kept = this.cache.get(file);
    if (kept) return kept;
    const pixels = await decodeShrunk(file, this.size);
    this.cache.keep(file, pixels);
    return pixels;
  }

  fingerprint(): Promise<string> {
    return fingerprintOf(this.files);
  }
}

/** Images of one size that a file held as bare pixels. */
export class HeldImages implements PixelSource {
  readonly files: readonly string[] = [];
  private readonly bytes: number;

  /**
   * @param all one image after another, in the layout of `Pixels`
   * @param origins the files that they were read from
   */
  constructor(
    private readonly all: Uint8Array,
    private readonly layout: Omit<Pixels, 'data'>,
    private readonly size: ImageSize,
    readonly origins: readonly string[],
  ) {
    this.bytes = layout.height * layout.width * layout.channels;
  }

  pixels(index: number): Promise<Pixels> {
    // Of their own memory: a thread that they are sent to would get that of all.
    const data = this.all.slice(index * this.bytes, (index + 1) * this.bytes);
    return shrinkPixels({ ...this.layout, data }, this.size);
  }

  async decodeAhead(): Promise<void> {
    // Bare pixels need no decoding, and their number was checked.
  }

  fingerprint(): Promise<string> {
    return fingerprintOf(this.origins);
  }
}
