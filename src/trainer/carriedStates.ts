import * as tf from '@tensorflow/tfjs-core';
import { Failure } from '../core/failure';
import type { LayerConfig, LayerGraph } from '../core/graph/layerGraph';
import { innerLayers } from '../core/layers/wrapping';
import type { CallContext } from './layers/forward';
import { t } from '../l10n/translate';

/**
 * The states of stateful layers between one batch of predictions and the next, as Keras keeps them: zeros before the
 * first batch, and never set back by themselves.
 */
export class CarriedStates {
  private readonly states = new Map<string, readonly tf.Tensor[]>();

  /** A layer's own, by the place inside it. */
  of(layer: string): Required<Pick<CallContext, 'recall' | 'remember'>> {
    const keyOf = (place: string) => `${layer}\u0000${place}`;
    return {
      recall: (place, batch) => {
        const states = this.states.get(keyOf(place));
        requireSameBatch(layer, states?.[0]?.shape[0], batch);
        return states;
      },
      remember: (place, states) => {
        const kept = states.map((state) => tf.keep(tf.clone(state)));
        this.states.get(keyOf(place))?.forEach((state) => state.dispose());
        this.states.set(keyOf(place), kept);
      },
    };
  }

  dispose(): void {
    for (const states of this.states.values()) states.forEach((state) => state.dispose());
    this.states.clear();
  }
}

/** @throws Failure of kind `input` (`BATCH_SIZE`) */
function requireSameBatch(layer: string, before: number | undefined, now: number): void {
  if (before === undefined || before === now) return;
  throw new Failure(
    'input',
    'BATCH_SIZE',
    t(
      'layer "{0}" keeps the states of a batch of {1} samples for the next; found a batch of {2}, expected as many',
      layer,
      before,
      now,
    ),
    { layer },
  );
}

/** How many samples a graph with stateful layers takes at a time; nothing where batches are apart. */
export function batchOfStates({ layers }: LayerGraph): number | undefined {
  if (!layers.some(({ config }) => isStateful(config))) return undefined;
  const shapes = layers.filter(({ kind }) => kind === 'InputLayer').map(({ config }) => config.batch_shape);
  const sizes = shapes.map((shape) => (Array.isArray(shape) ? (shape[0] as unknown) : null));
  return sizes.find((size) => typeof size === 'number');
}

const isStateful = (config: LayerConfig): boolean =>
  config.stateful === true || innerLayers(config).some((inner) => isStateful(inner.config));
