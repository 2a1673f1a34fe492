import type { LayerConfig, WeightRef } from '../../../core/graph/layerGraph';
import { sizeOfConstant, weightOf, type NodeCall } from '../nodeCall';
import type { Constant } from '../tensor';
import { Unsupported } from '../unsupported';
import { channelsLast, type Value } from '../value';
import { perAxis, readWindow, type Window } from './window';

/** Conv: kernel (filters, channels / group, …space). */
export function convolution(call: NodeCall): Value {
  const kernel = call.required(1);
  const [filters = 0, perGroup = 0, ...size] = kernel.dims;
  const rank = size.length;
  if (rank !== 1 && rank !== 2)
    throw new Unsupported(`it slides over ${rank} axes, only 1 and 2 are supported`);
  const groups = call.number('group', 1);
  const input = call.graph.ordered(call.value(), channelsLast(rank + 2));
  const window = readWindow(call, size, input.shape?.slice(1, -1));
  const padded = pad(call, input, window);

  const { strides } = window;
  const isDepthwise = rank === 2 && groups > 1 && perGroup === 1 && strides[0] === strides[1];
  const bias = biasOf(call, filters);
  const config: LayerConfig = {
    kernel_size: size,
    strides,
    padding: window.padding ?? 'valid',
    dilation_rate: window.dilations,
    use_bias: bias !== undefined,
  };
  const area = size.reduce((product, one) => product * one, 1);
  const spaceStrides = rank === 2 ? [size[1] ?? 1, 1] : [1];
  const weights = (weight: WeightRef) => (bias ? [weight, bias] : [weight]);
  if (isDepthwise) {
    const multiplier = filters / groups;
    return call.graph.add({
      kind: 'DepthwiseConv2D',
      config: { ...config, depth_multiplier: multiplier },
      inputs: [padded],
      weights: weights(
        weightOf(kernel, 'kernel', {
          shape: [...size, groups, multiplier],
          strides: [...spaceStrides, multiplier * area, area],
        }),
      ),
    });
  }
  return call.graph.add({
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
  call.mustBe('the number of spatial axes', size.length, 2);
  call.mustBe('group', call.number('group', 1), 1);
  call.mustBe('output_shape', call.numbers('output_shape'), undefined);
  const strides = perAxis(call, 'strides', 2, 1);
  const dilations = perAxis(call, 'dilations', 2, 1);
  if (dilations.some((one) => one > 1)) throw new Unsupported('it is a dilated transposed convolution');
  const auto = call.text('auto_pad', 'NOTSET');
  if (auto.startsWith('SAME')) throw new Unsupported(`auto_pad is ${auto}, only explicit pads are supported`);
  const extra = call.numbers('output_padding') ?? [0, 0];
  const pads = auto === 'VALID' ? [0, 0, 0, 0] : (call.numbers('pads') ?? [0, 0, 0, 0]);
  const cropping = [0, 1].map(
    (axis) => [pads[axis] ?? 0, (pads[axis + 2] ?? 0) - (extra[axis] ?? 0)] as const,
  );
  const beyond = size.some((one, axis) => one < (strides[axis] ?? 1));
  if (beyond || cropping.some(([begin, end]) => begin < 0 || end < 0)) {
    throw new Unsupported('its output reaches beyond what its kernel covers');
  }
  const input = call.graph.ordered(call.value(), channelsLast(4));
  const bias = biasOf(call, filters);
  const area = (size[0] ?? 1) * (size[1] ?? 1);
  const weight = weightOf(kernel, 'kernel', {
    shape: [...size, filters, channels],
    strides: [size[1] ?? 1, 1, area, filters * area],
  });
  const spread = call.graph.add({
    kind: 'Conv2DTranspose',
    config: { filters, kernel_size: size, strides, padding: 'valid', use_bias: bias !== undefined },
    inputs: [input],
    weights: bias ? [weight, bias] : [weight],
  });
  if (cropping.every(([begin, end]) => begin === 0 && end === 0)) return spread;
  return call.graph.add({ kind: 'Cropping2D', config: { cropping }, inputs: [spread], suffix: 'crop' });
}
