import type { LayerNormalizationConfig } from '../../../core/layers/normalization';
import type {
  GroupNormalizationConfig,
  RmsNormalizationConfig,
  UnitNormalizationConfig,
} from '../../../core/layers/sampleNormalization';
import { t } from '../../../l10n/translate';
import type { LayerCall } from './draft';
import { overSpace } from './space';
import { placeOfAxis } from './plain';

/** Layers that standardize each sample by itself. */

/** Below this a length counts as so long: keras.layers.UnitNormalization. */
const UNIT_EPSILON = 1e-12;

const ones = (call: LayerCall, part: string, count: number, value: number): string =>
  call.floats(part, [count], new Array<number>(count).fill(value));

/** Axes from the front, which must be the last ones. */
function trailing(call: LayerCall, axes: readonly number[]): number {
  const rank = call.input.shape.length;
  const places = axes.map((axis) => (axis < 0 ? axis + rank : axis)).sort((a, b) => a - b);
  if (places.every((place, index) => place === rank - places.length + index)) return places[0] ?? rank - 1;
  throw call.refused(t('it works along other axes than the last'));
}

export function layerNormalization(call: LayerCall<LayerNormalizationConfig>): string {
  const { axis: axes, epsilon, scale, center } = call.config;
  const { shape } = call.input;
  const first = trailing(call, axes);
  const dims = shape.slice(first).map((size) => size ?? 1);
  const count = dims.reduce((product, size) => product * size, 1);
  const gamma = scale ? call.weight('gamma') : call.floats('gamma', dims, new Array<number>(count).fill(1));
  const x = call.draft.toLast(call.name, call.input);
  const inputs = center ? [x, gamma, call.weight('beta')] : [x, gamma];
  const y = call.node('LayerNormalization', inputs, { axis: first, epsilon: { float: epsilon } });
  return call.draft.toFirst(call.name, y, shape.length);
}

/** Each group as one channel of an instance normalization; a scale and an offset a channel follow. */
export function groupNormalization(call: LayerCall<GroupNormalizationConfig>): string {
  const { axis, groups, epsilon, scale, center } = call.config;
  const { shape } = call.input;
  const rank = shape.length;
  if (axis !== -1 && axis !== rank - 1) throw call.refused(t('it works along another axis than the last'));
  const channels = shape[rank - 1] ?? 1;
  const count = groups === -1 ? channels : groups;
  const normalize = (x: string): string => {
    const grouped = call.node('Reshape', [x, call.ints('grouped', [0, count, -1])], {}, 'group');
    const inputs = [grouped, ones(call, 'one', count, 1), ones(call, 'zero', count, 0)];
    const standard = call.node('InstanceNormalization', inputs, { epsilon: { float: epsilon } });
    const back = call.node('Reshape', [standard, call.node('Shape', [x], {}, 'shape')], {}, 'ungroup');
    const dims = [channels, ...new Array<number>(Math.max(0, rank - 2)).fill(1)];
    const weight = (name: string) => call.weight(name, { dims, view: [channels], strides: [1] });
    const scaled = scale ? call.node('Mul', [back, weight('gamma')], {}, 'scale') : back;
    return center ? call.node('Add', [scaled, weight('beta')], {}, 'offset') : scaled;
  };
  return rank === 2 ? normalize(call.input.name) : overSpace(call, normalize);
}

export function unitNormalization(call: LayerCall<UnitNormalizationConfig>): string {
  const axes = call.config.axis.map((axis) => placeOfAxis(call, axis));
  const x = call.input.name;
  const squares = call.node('ReduceSumSquare', [x], { axes, keepdims: 1 }, 'squares');
  const least = call.node('Max', [squares, call.floats('least', [], [UNIT_EPSILON ** 2])], {}, 'at_least');
  return call.node('Div', [x, call.node('Sqrt', [least], {}, 'length')]);
}

export function rootMeanSquareNormalization(call: LayerCall<RmsNormalizationConfig>): string {
  const { axis: axes, epsilon } = call.config;
  const first = trailing(call, axes);
  const rank = call.input.shape.length;
  const x = call.draft.toLast(call.name, call.input);
  const square = call.node('Mul', [x, x], {}, 'square');
  const last = Array.from({ length: rank - first }, (_, index) => first + index);
  const mean = call.node('ReduceMean', [square], { axes: last, keepdims: 1 }, 'mean');
  const above = call.node('Add', [mean, call.floats('epsilon', [], [epsilon])], {}, 'above');
  const standard = call.node('Div', [x, call.node('Sqrt', [above], {}, 'root')], {}, 'standard');
  return call.draft.toFirst(call.name, call.node('Mul', [standard, call.weight('scale')]), rank);
}
