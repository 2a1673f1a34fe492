import type { ConvolutionConfig } from '../../../core/layers/convolution';
import type { DepthwiseConfig, SeparableConfig } from '../../../core/layers/depthwiseConvolution';
import type { TransposedConvolutionConfig } from '../../../core/layers/transposedConvolution';
import { t } from '../../../l10n/translate';
import { rowMajorStrides } from '../../strides';
import { activate } from './activations';
import type { AttributeValue, LayerCall } from './draft';
import { overSpace } from './space';

type Window = Pick<DepthwiseConfig, 'kernel_size' | 'strides' | 'padding' | 'dilation_rate'>;

/** ONNX's `SAME_UPPER` is TensorFlow's `same`; onnxruntime knows it of undilated windows alone. */
function windowOf(call: LayerCall, window: Window): Readonly<Record<string, AttributeValue>> {
  const { kernel_size: size, strides, padding, dilation_rate: dilations } = window;
  const attributes = { kernel_shape: size, strides, dilations };
  if (padding === 'valid') return { ...attributes, auto_pad: 'VALID' };
  if (dilations.every((one) => one === 1)) return { ...attributes, auto_pad: 'SAME_UPPER' };
  if (strides.some((one) => one > 1)) throw call.refused(t('it is dilated and has strides'));
  const around = size.map((one, axis) => (one - 1) * (dilations[axis] ?? 1));
  const before = around.map((one) => Math.floor(one / 2));
  return { ...attributes, pads: [...before, ...around.map((one, axis) => one - (before[axis] ?? 0))] };
}

/** A kernel (…space, a, b) as (…order of those axes…). */
function kernel(
  call: LayerCall,
  name: string,
  shape: readonly number[],
  order: readonly number[],
  dims?: readonly number[],
) {
  const strides = rowMajorStrides(shape);
  const view = order.map((axis) => shape[axis] ?? 1);
  return call.weight(name, { dims: dims ?? view, view, strides: order.map((axis) => strides[axis] ?? 1) });
}

/** (…space, a, b) as (b, a, …space). */
const turned = (shape: readonly number[]): readonly number[] => {
  const rank = shape.length - 2;
  return [rank + 1, rank, ...shape.slice(0, rank).keys()];
};

function shapeOfWeight(call: LayerCall, name: string): readonly number[] {
  const weight = call.layer.weights.find((candidate) => candidate.name === name);
  if (weight?.shape.length === call.input.shape.length) return weight.shape;
  throw call.refused(t('it has no {0} of {1} axes', name, call.input.shape.length));
}

const biasOf = (call: LayerCall, has: boolean): readonly string[] => (has ? [call.weight('bias')] : []);

export function convolution(call: LayerCall<ConvolutionConfig>): string {
  const { config } = call;
  const shape = shapeOfWeight(call, 'kernel');
  const weight = kernel(call, 'kernel', shape, turned(shape));
  const { padding } = config;
  const window =
    padding === 'causal'
      ? { ...windowOf(call, { ...config, padding: 'valid' }), ...causal(config) }
      : windowOf(call, { ...config, padding });
  const y = overSpace(call, (x) =>
    call.node('Conv', [x, weight, ...biasOf(call, config.use_bias)], { ...window, group: config.groups }),
  );
  return activate(call, config.activation, y, 'activation');
}

/** All of the padding in front. */
function causal({ kernel_size: [size = 1], dilation_rate: [dilation = 1] }: ConvolutionConfig) {
  return { auto_pad: 'NOTSET', pads: [dilation * (size - 1), 0] };
}

/** A group a channel. */
function depthwise(call: LayerCall, x: string, window: Window, name: string, bias: boolean, part?: string) {
  const shape = shapeOfWeight(call, name);
  const rank = shape.length - 2;
  const [channels = 1, multiplier = 1] = shape.slice(rank);
  const dims = [channels * multiplier, 1, ...shape.slice(0, rank)];
  const weight = kernel(call, name, shape, [rank, rank + 1, ...shape.slice(0, rank).keys()], dims);
  const attributes = { ...windowOf(call, window), group: channels };
  return call.node('Conv', [x, weight, ...biasOf(call, bias)], attributes, part);
}

export function depthwiseConvolution(call: LayerCall<DepthwiseConfig>): string {
  const { use_bias: bias, activation } = call.config;
  const y = overSpace(call, (x) => depthwise(call, x, call.config, 'kernel', bias));
  return activate(call, activation, y, 'activation');
}

export function separableConvolution(call: LayerCall<SeparableConfig>): string {
  const { config } = call;
  const shape = shapeOfWeight(call, 'pointwise_kernel');
  const weight = kernel(call, 'pointwise_kernel', shape, turned(shape));
  const y = overSpace(call, (x) => {
    const between = depthwise(call, x, config, 'depthwise_kernel', false, 'depthwise');
    return call.node('Conv', [between, weight, ...biasOf(call, config.use_bias)]);
  });
  return activate(call, config.activation, y, 'activation');
}

/** What TensorFlow's `same` cuts off is ONNX's pads. */
export function transposedConvolution(call: LayerCall<TransposedConvolutionConfig>): string {
  const { config } = call;
  const { kernel_size: size, strides, dilation_rate: dilations, output_padding: extra } = config;
  const cut = size.map((one, axis) => {
    const reach = (one - 1) * (dilations[axis] ?? 1) + 1;
    const more = extra?.[axis];
    if (config.padding === 'valid') return -(more ?? Math.max(0, (strides[axis] ?? 1) - reach));
    return more === undefined ? reach - (strides[axis] ?? 1) : reach - (reach % 2) - more;
  });
  const pads = cut.map((one) => Math.max(0, one));
  const before = pads.map((one) => Math.floor(one / 2));
  const attributes = {
    kernel_shape: size,
    strides,
    dilations,
    pads: [...before, ...pads.map((one, axis) => one - (before[axis] ?? 0))],
    output_padding: cut.map((one) => Math.max(0, -one)),
  };
  const shape = shapeOfWeight(call, 'kernel');
  const weight = kernel(call, 'kernel', shape, turned(shape));
  const y = overSpace(call, (x) =>
    call.node('ConvTranspose', [x, weight, ...biasOf(call, config.use_bias)], attributes),
  );
  return activate(call, config.activation, y, 'activation');
}
