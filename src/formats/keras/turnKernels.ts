import type { Fault } from '../../core/failure';
import type { Layer, WeightRef } from '../../core/graph/layerGraph';
import { innerOwner } from '../../core/layers/wrapping';
import { t } from '../../l10n/translate';
import { listFew } from '../listFew';
import { isJsonRecord } from './json';
import type { KerasGraph } from './readGraph';

/** Kernels that are slid, each with how many axes it is slid along. */
const SLID: Readonly<Record<string, number>> = {
  Conv1D: 1,
  Conv2D: 2,
  Conv3D: 3,
  Conv2DTranspose: 2,
  ConvLSTM2D: 2,
};

/**
 * Turns the kernels of convolutions that Theano computed by half a turn: it convolves, where TensorFlow correlates.
 * Source: `convert_kernel` of Keras 1 and 2.
 * @param guessed the file does not say that Theano computed it; what is turned is reported then
 */
export function turnKernels(read: KerasGraph, guessed: boolean): KerasGraph {
  const layers = read.graph.layers.map((layer): Layer => {
    const weights = layer.weights.map((weight) => turn(layer, weight));
    return weights.some((weight, index) => weight !== layer.weights[index]) ? { ...layer, weights } : layer;
  });
  const turned = layers.filter((layer, at) => layer !== read.graph.layers[at]).map(({ name }) => name);
  const report = guessed && turned.length > 0 ? [...read.report, guess(turned)] : read.report;
  return { ...read, graph: { ...read.graph, layers }, report };
}

function guess(turned: readonly string[]): Fault {
  return {
    severity: 'warning',
    code: 'KERNELS_TURNED',
    message: t(
      'the file does not say what computed it; by the names of its weights that was Theano, so that the kernels of {0} are turned by half: check a prediction that you know',
      listFew(turned, 3),
    ),
  };
}

function turn(layer: Layer, weight: WeightRef): WeightRef {
  const axes = slidAxes(layer, weight);
  if (axes === 0) return weight;
  const { shape, dtype, source } = weight;
  const reversed = Array.from({ length: axes }, (_, axis) => axis);
  const how = { kind: 'axes', order: [...shape.keys()], reversed } as const;
  return { ...weight, source: { from: 'rearranged', parts: [{ shape, dtype, source }], how } };
}

function slidAxes({ kind, config, opaque }: Layer, { name }: WeightRef): number {
  if (opaque !== undefined) return 0;
  const inner = innerOwner(config, name);
  const held = isJsonRecord(config.layer) && inner ? String(config.layer.kind) : kind;
  const own = inner?.name ?? name;
  return own === 'kernel' || own === 'recurrent_kernel' ? (SLID[held] ?? 0) : 0;
}
