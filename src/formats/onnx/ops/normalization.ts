import type { LayerConfig, WeightRef } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { rowMajorStrides } from '../../strides';
import { axisAlone, groupsOf } from '../folded';
import { weightByChannel, weightOf, sizeOfConstant, type NodeCall } from '../nodeCall';
import { Unsupported } from '../unsupported';
import type { Constant } from '../tensor';
import { channelsLast, placeOfAxis, resolveAxis, type Value } from '../value';
import { like, shortest } from './elementwise';
import { alone } from './tensor';

/** BatchNormalization by its stored statistics: X, scale, B, mean, variance. */
export function batchNormalization(call: NodeCall): Value {
  const input = call.value();
  call.mustBe('training_mode', call.number('training_mode', 0), 0);
  if (call.opset < 9) call.mustBe('spatial', call.number('spatial', 1), 1);
  const weights = [
    weightByChannel(call.required(1), 'gamma', input),
    weightByChannel(call.required(2), 'beta', input),
    weightByChannel(call.required(3), 'moving_mean', input, 'statistic'),
    weightByChannel(call.required(4), 'moving_variance', input, 'statistic'),
  ];
  const axis = input.order ? placeOfAxis(input, 1) : -1;
  const config = {
    axis: input.order && axis === input.order.length - 1 ? -1 : axis,
    momentum: call.number('momentum', 0.9),
    epsilon: call.number('epsilon', 1e-5),
  };
  const { flattened } = input;
  const made = call.graph.add({ kind: 'BatchNormalization', config, inputs: [input], weights });
  return { ...made, ...(flattened && { flattened }) };
}

/** LayerNormalization along ONNX's last axes. */
export function layerNormalization(call: NodeCall): Value {
  const scale = call.required(1);
  const bias = call.constant(2);
  const { input, places, weight } = lastAxes(call);
  const weights = [weight(scale, 'gamma')];
  if (bias) weights.push(weight(bias, 'beta'));
  const config = { axis: places, epsilon: call.number('epsilon', 1e-5), center: bias !== undefined };
  const made = call.graph.add({ kind: 'LayerNormalization', config, inputs: [input], weights });
  return input.groups ? like(input, made, false) : made;
}

export function rootMeanSquareNormalization(call: NodeCall): Value {
  const { input, places, weight } = lastAxes(call);
  const config = { axis: places, epsilon: call.number('epsilon', 1e-5) };
  const weights = [weight(call.required(1), 'scale')];
  const made = call.graph.add({ kind: 'RMSNormalization', config, inputs: [input], weights });
  return input.groups ? like(input, made, false) : made;
}

/** From `axis` to the end, as axes of the layer graph in its own order, and how weights for them are read. */
function lastAxes(call: NodeCall) {
  const given = call.anyValue();
  const whole = given.flattened ? call.graph.plain(given) : given;
  const rank = groupsOf(whole).length;
  const first = resolveAxis(call.number('axis', -1), rank);
  const last = Array.from({ length: rank - first }, (_, index) => first + index);
  const input = last.every((axis) => axisAlone(whole, axis) !== undefined) ? whole : call.value();
  const placed = last
    .map((axis) => ({ axis, place: axisAlone(input, axis) ?? 0 }))
    .sort((a, b) => a.place - b.place);
  if (placed.some(({ place }) => place === 0)) throw new Unsupported(t('it normalizes the batch'));
  const places = placed.map(({ place }) => place);
  const weight = (constant: Constant, name: string): WeightRef => {
    const { dims } = constant;
    if (dims.length !== last.length) throw new Unsupported(t('"{0}" is not of its last axes', constant.name));
    const strides = rowMajorStrides(dims);
    return weightOf(constant, name, {
      shape: placed.map(({ axis }) => dims[axis - first] ?? 1),
      strides: placed.map(({ axis }) => strides[axis - first] ?? 1),
    });
  };
  return { input, places, weight };
}

/** Each channel of a sample by itself. */
export const instanceNormalization = (call: NodeCall): Value => groups(call, -1);

/** Before version 21 scale and bias are by group. */
export const groupNormalization = (call: NodeCall): Value => groups(call, call.number('num_groups', 1));

function groups(call: NodeCall, count: number): Value {
  const given = call.value();
  const rank = given.order?.length ?? 0;
  if (rank < 3) throw new Unsupported(t('its input has {0} axes, expected at least 3', rank));
  const input = call.graph.ordered(given, channelsLast(rank));
  const channels = input.shape?.at(-1) ?? null;
  if (channels === null) throw new Unsupported(t('the number of its channels is not known'));
  const weight = (constant: Constant, name: string): WeightRef => {
    const size = sizeOfConstant(constant);
    if (size === channels) return weightOf(constant, name, { shape: [channels] });
    const each = channels / size;
    return weightOf(constant, name, { shape: [channels], view: [size, each], strides: [1, 0] });
  };
  return call.graph.add({
    kind: 'GroupNormalization',
    config: { groups: count, epsilon: call.number('epsilon', 1e-5) },
    inputs: [input],
    weights: [weight(call.required(1), 'gamma'), weight(call.required(2), 'beta')],
  });
}

/** LpNormalization by Euclid's length. */
export function unitNormalization(call: NodeCall): Value {
  call.mustBe('p', call.number('p', 2), 2);
  const { input, place } = alone(call, call.number('axis', -1));
  const made = call.graph.add({ kind: 'UnitNormalization', config: { axis: place }, inputs: [input] });
  return input.groups ? like(input, made, false) : made;
}

/**
 * `x / (bias + alpha / size · Σ x²)^beta`, the sum over `size` neighbouring channels (Krizhevsky, Sutskever and Hinton,
 * 2012): a mean over a window of as many, zeros around.
 */
export function localResponse(call: NodeCall): Value {
  const given = call.value();
  const rank = given.order?.length ?? 0;
  const input = call.graph.ordered(given, channelsLast(rank));
  const [, ...sample] = (input.shape ?? []).map((size) => size ?? 0);
  const channels = sample.at(-1) ?? 0;
  const area = sample.slice(0, -1).reduce((product, size) => product * size, 1);
  if (rank < 3 || channels === 0 || area === 0)
    throw new Unsupported(t('the size of its input is not known'));
  const size = call.number('size', 1);
  const before = Math.floor((size - 1) / 2);
  const step = (kind: string, config: LayerConfig, from: Value, suffix: string) =>
    call.graph.add({
      kind,
      config,
      inputs: [{ ref: from.ref, ...(from.shape && { shape: from.shape }) }],
      suffix,
    });
  const squares = step('Square', {}, input, 'square');
  const points = step('Reshape', { target_shape: [area, channels] }, squares, 'points');
  const turned = step('Permute', { dims: [2, 1] }, points, 'turn');
  const padded = step('ZeroPadding1D', { padding: [before, size - 1 - before] }, turned, 'pad');
  const means = step('AveragePooling1D', { pool_size: size, strides: 1 }, padded, 'mean');
  const back = step('Permute', { dims: [2, 1] }, means, 'turn_back');
  const image = step('Reshape', { target_shape: sample }, back, 'image');
  const line = { scale: shortest(call.number('alpha', 1e-4)), offset: shortest(call.number('bias', 1)) };
  const sum = step('Rescaling', line, image, 'line');
  const beta = call.number('beta', 0.75);
  // (…)^beta through logarithms: what is raised is above zero.
  const log = step('Log', {}, sum, 'log');
  const scaled = step('Rescaling', { scale: -shortest(beta) }, log, 'power');
  const factor = step('Activation', { activation: 'exponential' }, scaled, 'exp');
  return call.graph.add({ kind: 'Multiply', inputs: [input, factor] });
}
