import type { LayerConfig, WeightRef } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';
import { rowMajorStrides } from '../../strides';
import { sizeOfConstant, weightOf, type NodeCall } from '../nodeCall';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import { channelsLast, type Value } from '../value';
import { crop, subsample } from './pooling';
import { perAxis, readWindow, type Window } from './window';

/** Conv: kernel (filters, channels / group, …space). */
export function convolution(call: NodeCall): Value {
  const kernel = call.required(1);
  const [filters = 0, perGroup = 0, ...size] = kernel.dims;
  const rank = size.length;
  if (rank < 1 || rank > 3)
    throw new Unsupported(t('it slides over {0} axes, only 1 to 3 are supported', rank));
  const groups = call.number('group', 1);
  const input = call.graph.ordered(call.value(), channelsLast(rank + 2));
  const window = readWindow(call, size, input.shape?.slice(1, -1));
  // No layer has strides and gaps: every place is computed, then some are taken.
  const apart = window.strides.some((one) => one > 1) && window.dilations.some((one) => one > 1);
  const padded = pad(call, input, apart ? { ...window, padding: undefined } : window);

  const strides = apart ? window.strides.map(() => 1) : window.strides;
  const isDepthwise = rank < 3 && groups > 1 && perGroup === 1 && new Set(strides).size === 1;
  const bias = biasOf(call, filters);
  const config: LayerConfig = {
    kernel_size: size,
    strides,
    padding: (apart ? undefined : window.padding) ?? 'valid',
    dilation_rate: window.dilations,
    use_bias: bias !== undefined,
  };
  const area = size.reduce((product, one) => product * one, 1);
  const spaceStrides = rowMajorStrides(size);
  const weights = (weight: WeightRef) => (bias ? [weight, bias] : [weight]);
  if (isDepthwise) {
    const multiplier = filters / groups;
    const made = call.graph.add({
      kind: `DepthwiseConv${rank}D`,
      config: { ...config, depth_multiplier: multiplier },
      inputs: [padded],
      weights: weights(
        weightOf(kernel, 'kernel', {
          shape: [...size, groups, multiplier],
          strides: [...spaceStrides, multiplier * area, area],
        }),
      ),
    });
    return apart ? subsample(call, made, window.strides) : made;
  }
  const made = call.graph.add({
    kind: `Conv${rank}D`,
    config: { ...config, filters, groups },
    inputs: [padded],
    weights: weights(
      weightOf(kernel, 'kernel', {
        shape: [...size, perGroup, filters],
        strides: [...spaceStrides, area, perGroup * area],
      }),
    ),
  });
  return apart ? subsample(call, made, window.strides) : made;
}

/** The node's bias, or the constant that the only node after it adds to every channel. */
function biasOf(call: NodeCall, filters: number): WeightRef | undefined {
  const own = call.constant(2);
  if (own) return weightOf(own, 'bias', { shape: [filters] });
  const add = call.follower('Add');
  if (!add) return undefined;
  const added = call.operandsOf(add).find((operand) => operand?.is === 'constant');
  if (added?.is !== 'constant' || !isByChannel(added.constant, filters, call.required(1).dims.length))
    return undefined;
  call.absorbed.push(add);
  return weightOf(added.constant, 'bias', { shape: [filters] });
}

/** One number a channel: sizes of one but for the channels' axis. */
function isByChannel(constant: Constant, channels: number, rank: number): boolean {
  const { dims } = constant;
  if (!constant.ranges || sizeOfConstant(constant) !== channels || dims.length > rank) return false;
  return dims.at(-(rank - 1)) === channels;
}

/** Zeros around the image where no padding of Keras's puts them so. */
export function pad(call: NodeCall, input: Value, { pads, padding }: Window): Value {
  if (padding !== undefined || !pads) return input;
  const rank = pads.length;
  const { nonNegative } = input;
  const padded = call.graph.add({
    kind: `ZeroPadding${rank}D`,
    config: { padding: rank === 1 ? pads[0] : pads },
    inputs: [input],
    suffix: 'pad',
  });
  return { ...padded, ...(nonNegative && { nonNegative }) };
}

/** ConvTranspose: kernel (channels, filters / group, …space). What ONNX pads, Keras crops. */
export function transposedConvolution(call: NodeCall): Value {
  const kernel = call.required(1);
  const [channels = 0, filters = 0, ...size] = kernel.dims;
  const rank = size.length;
  if (rank < 1 || rank > 3)
    throw new Unsupported(t('it slides over {0} axes, only 1 to 3 are supported', rank));
  call.mustBe('group', call.number('group', 1), 1);
  call.mustBe('output_shape', call.numbers('output_shape'), undefined);
  const strides = perAxis(call, 'strides', rank, 1);
  const dilations = perAxis(call, 'dilations', rank, 1);
  if (dilations.some((one) => one > 1)) throw new Unsupported(t('it is a dilated transposed convolution'));
  const extra = call.numbers('output_padding') ?? size.map(() => 0);
  const pads = padsOfTransposed(call, size, strides, extra);
  /** Beyond what the kernel covers, where nothing but the bias is. */
  const beyond = pads.map(([, end], axis) => Math.max(0, (extra[axis] ?? 0) - end));
  const cropping = pads.map(([begin, end], axis) => [begin, Math.max(0, end - (extra[axis] ?? 0))] as const);
  if (cropping.some(([begin]) => begin < 0)) throw new Unsupported(t('its pads are below zero'));
  const isShort = size.some((one, axis) => one < (strides[axis] ?? 1));
  const input = call.graph.ordered(call.value(), channelsLast(rank + 2));
  const bias = biasOf(call, filters);
  const area = size.reduce((product, one) => product * one, 1);
  const weight = weightOf(kernel, 'kernel', {
    shape: [...size, filters, channels],
    strides: [...rowMajorStrides(size), area, filters * area],
  });
  const spread = call.graph.add({
    kind: `Conv${rank}DTranspose`,
    config: {
      filters,
      kernel_size: size,
      strides,
      padding: 'valid',
      // Where it says nothing Keras makes room for a whole stride.
      ...((isShort || beyond.some((one) => one > 0)) && { output_padding: beyond }),
      use_bias: bias !== undefined,
    },
    inputs: [input],
    weights: bias ? [weight, bias] : [weight],
  });
  return cropping.every(([begin, end]) => begin === 0 && end === 0) ? spread : crop(call, spread, cropping);
}

/** What is cut off on each side; `SAME_…` leaves a stride for each number of the input. */
function padsOfTransposed(
  call: NodeCall,
  size: readonly number[],
  strides: readonly number[],
  extra: readonly number[],
): readonly (readonly [number, number])[] {
  const auto = call.text('auto_pad', 'NOTSET');
  const given = call.numbers('pads');
  return size.map((one, axis) => {
    if (auto === 'VALID') return [0, 0];
    if (auto === 'NOTSET') return [given?.[axis] ?? 0, given?.[axis + size.length] ?? 0];
    const total = Math.max(0, one - (strides[axis] ?? 1) + (extra[axis] ?? 0));
    const [less, more] = [Math.floor(total / 2), Math.ceil(total / 2)];
    return auto === 'SAME_UPPER' ? [less, more] : [more, less];
  });
}
