import { createHash } from 'node:crypto';
import type { LayerGraph } from '../../core/graph/layerGraph';

/** What a model is, to the byte: its layers and, as they are read, its weights. */
export class ModelDigest {
  private readonly hash = createHash('sha256');

  constructor({ layers, inputs, outputs }: LayerGraph) {
    const described = layers.map(({ name, kind, config, calls }) => [name, kind, config, calls.length]);
    this.hash.update(JSON.stringify([described, inputs.length, outputs.length]));
  }

  add(values: Float32Array): void {
    this.hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** Ends it. */
  finish(): string {
    return this.hash.digest('hex');
  }
}
