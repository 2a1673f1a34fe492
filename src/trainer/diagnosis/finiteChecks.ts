import * as tf from '@tensorflow/tfjs-core';
import { t } from '../../l10n/translate';

/** A tensor of a step that holds infinities or what is no number. */
export interface NotFinite {
  readonly what: 'input' | 'weight' | 'output' | 'loss' | 'gradient';
  /** The layer's name and kind, where it is a layer's. */
  readonly layer?: string;
  readonly kind?: string;
  /** The weight's name, where it is one's. */
  readonly weight?: string;
}

/**
 * Whether tensors hold nothing but numbers: asked while they are computed, answered afterwards, because not every engine
 * can be asked in between.
 */
export class FiniteChecks {
  private readonly checks: { readonly of: NotFinite; readonly excess: tf.Tensor }[] = [];

  /** `x - x` is zero for numbers, and NaN for anything else, as is every sum that it is in. */
  add(of: NotFinite, tensor: tf.Tensor): void {
    const excess = tf.tidy(() => {
      const values = tf.cast(tensor, 'float32');
      return tf.sum(tf.sub(values, values));
    });
    this.checks.push({ of, excess: tf.keep(excess) });
  }

  /** The first that was added and is not finite. Ends the checks. */
  async first(): Promise<NotFinite | undefined> {
    try {
      for (const { of, excess } of this.checks) {
        const [sum] = await excess.data();
        if (sum !== 0) return of;
      }
      return undefined;
    } finally {
      for (const { excess } of this.checks) excess.dispose();
      this.checks.length = 0;
    }
  }
}

/** `the output of layer "conv" (Conv2D)` */
export function describeNotFinite({ what, layer, kind, weight }: NotFinite): string {
  const owner =
    layer === undefined
      ? ''
      : kind === undefined
        ? t('layer "{0}"', layer)
        : t('layer "{0}" ({1})', layer, kind);
  switch (what) {
    case 'input':
      return t('the samples themselves');
    case 'weight':
      return t('the weight "{0}" of {1}, which an update has left so', weight, owner);
    case 'output':
      return t('the output of {0}', owner);
    case 'loss':
      return t('the loss itself: every output before it is finite');
    case 'gradient':
      return t('the gradient of the weight "{0}" of {1}', weight, owner);
  }
}
