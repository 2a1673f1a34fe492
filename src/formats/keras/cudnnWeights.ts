import type { Rearrangement } from '../../core/graph/layerGraph';
import type { StoredWeight, WeightGroup } from './attachWeights';
import { splitWeightPath } from './weightNames';

/** Columns of a recurrent kernel by its rows: four gates are an LSTM's, three a GRU's. */
const LSTM_GATES = 4;
const GRU_GATES = 3;

/**
 * Weights of `CuDNNLSTM` and `CuDNNGRU` as `LSTM` and `GRU` keep theirs. They are known by a bias twice as long as the
 * kernels are wide: cuDNN adds one to each of its two products. Source: `_convert_rnn_weights` of Keras 2.
 */
export function withoutCudnn(group: WeightGroup): WeightGroup {
  const byPlace = new Map<string, StoredWeight>(group.weights.map((weight) => [placeOf(weight), weight]));
  const turned = new Map<StoredWeight, StoredWeight>();
  for (const bias of group.weights) {
    const place = placeOf(bias);
    if (!place.endsWith('/bias')) continue;
    const beside = (name: string) => byPlace.get(`${place.slice(0, -'bias'.length)}${name}`);
    const [kernel, recurrent] = [beside('kernel'), beside('recurrent_kernel')];
    const [units, width] = recurrent?.shape ?? [];
    if (!kernel || !recurrent || !units || !width || bias.shape.join() !== String(2 * width)) continue;
    if (kernel.shape.length !== 2 || kernel.shape[1] !== width) continue;
    const count = width / units;
    if (count !== LSTM_GATES && count !== GRU_GATES) continue;
    turned.set(kernel, made(kernel, { kind: 'gates', count, each: 'refilled' }));
    turned.set(recurrent, made(recurrent, { kind: 'gates', count, each: 'transposed' }));
    turned.set(
      bias,
      count === LSTM_GATES
        ? made(bias, { kind: 'halvesAdded' }, [width])
        : made(bias, { kind: 'axes', order: [0], reversed: [] }, [2, width]),
    );
  }
  if (turned.size === 0) return group;
  return { ...group, weights: group.weights.map((weight) => turned.get(weight) ?? weight) };
}

/** `lstm/kernel` of `lstm/kernel:0`. */
const placeOf = ({ path }: StoredWeight): string => splitWeightPath(path).join('/');

function made(weight: StoredWeight, how: Rearrangement, shape = weight.shape): StoredWeight {
  const { dtype, source } = weight;
  const part = { shape: weight.shape, dtype, source };
  return { path: weight.path, shape, dtype, source: { from: 'rearranged', parts: [part], how } };
}
