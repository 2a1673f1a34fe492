import { concurrently } from './concurrently';
import type { Dataset, Targets } from './dataset';
import type { FinishingThreads } from './finishingThreads';
import type { Unfinished } from './finishPixels';
import type { ImageSize } from './pixels';
import type { PixelSource } from './pixelSource';

/** What a folder, a table or a file of images says of them, images themselves aside. */
export interface LabelledImages {
  /** The name of each label, by label. */
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  /** See `Dataset`. */
  readonly targets?: Targets;
}

/** Images of a batch that are asked for at once: enough to keep the decoder busy while an engine computes. */
const AT_ONCE = 128;

/** Images as samples: decoded, stretched to the model's size, augmented where asked, preprocessed. */
export class PixelSamples implements Dataset {
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  readonly shape: readonly number[];
  readonly targets: Targets | undefined;

  constructor(
    listed: LabelledImages,
    size: ImageSize,
    private readonly source: PixelSource,
    private readonly threads: FinishingThreads,
  ) {
    this.classes = listed.classes;
    this.labels = listed.labels;
    this.targets = listed.targets;
    this.shape = [size.height, size.width, size.channels];
  }

  get samples(): number {
    return this.labels.length;
  }

  get files(): readonly string[] {
    return this.source.origins;
  }

  fill(indices: Uint32Array, into: Float32Array): Promise<void> {
    return this.fillVariants(indices, () => undefined, into);
  }

  /**
   * As `fill`, each sample augmented by the draw that `variantAt` names.
   * @param variantAt by position in `indices`
   */
  async fillVariants(
    indices: Uint32Array,
    variantAt: (position: number) => number | undefined,
    into: Float32Array,
  ): Promise<void> {
    const decoded = new Array<Unfinished>(indices.length);
    await concurrently(indices.entries(), AT_ONCE, async ([position, index]) => {
      if (index >= this.samples) throw new RangeError(`sample ${index} of ${this.samples}`);
      const variant = variantAt(position);
      const pixels = await this.source.pixels(index);
      decoded[position] = { pixels, sample: index, ...(variant !== undefined && { variant }) };
    });
    await this.threads.run(decoded, into);
  }

  fingerprint(): Promise<string> {
    return this.source.fingerprint();
  }
}
