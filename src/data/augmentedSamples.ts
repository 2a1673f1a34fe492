import type { Dataset, Targets } from './dataset';
import type { PixelSamples } from './pixelSamples';

/** The samples of one epoch, augmented by its draws. */
export class AugmentedEpoch implements Dataset {
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  readonly shape: readonly number[];
  readonly targets: Targets | undefined;

  constructor(
    private readonly base: PixelSamples,
    /** From one, over the whole run. */
    private readonly epoch: number,
  ) {
    ({ classes: this.classes, labels: this.labels, shape: this.shape, targets: this.targets } = base);
  }

  get samples(): number {
    return this.labels.length;
  }

  get files(): readonly string[] {
    return this.base.files;
  }

  fill(indices: Uint32Array, into: Float32Array): Promise<void> {
    return this.base.fillVariants(indices, () => this.epoch, into);
  }

  fingerprint(): Promise<string> {
    return this.base.fingerprint();
  }
}

/**
 * So many augmented copies of each sample, the same ones for the whole run: all first copies, then all second ones, so
 * that copy `c` of sample `i` is sample `c * n + i`.
 */
export class AugmentedCopies implements Dataset {
  readonly classes: readonly string[];
  readonly labels: Int32Array;
  readonly shape: readonly number[];
  readonly targets: Targets | undefined;

  constructor(
    private readonly base: PixelSamples,
    readonly copies: number,
  ) {
    ({ classes: this.classes, shape: this.shape } = base);
    this.labels = new Int32Array(copies * base.samples);
    this.targets = base.targets && {
      size: base.targets.size,
      values: new Float32Array(copies * base.targets.values.length),
    };
    for (let copy = 0; copy < copies; copy++) {
      this.labels.set(base.labels, copy * base.samples);
      if (base.targets) this.targets?.values.set(base.targets.values, copy * base.targets.values.length);
    }
  }

  get samples(): number {
    return this.labels.length;
  }

  get files(): readonly string[] {
    return this.base.files;
  }

  fill(indices: Uint32Array, into: Float32Array): Promise<void> {
    const count = this.base.samples;
    const copyAt = (position: number) => Math.floor((indices[position] ?? 0) / count);
    return this.base.fillVariants(
      indices.map((index) => index % count),
      copyAt,
      into,
    );
  }

  fingerprint(): Promise<string> {
    return this.base.fingerprint();
  }
}
