import type { ConvolutionConfig } from '../../../core/layers/convolution';
import type { DepthwiseConfig, SeparableConfig } from '../../../core/layers/depthwiseConvolution';
import type { TransposedConvolutionConfig } from '../../../core/layers/transposedConvolution';
import { rowMajorStrides } from '../../strides';
import { activate } from './activations';
import type { AttributeValue, LayerCall } from './draft';

type Window = Pick<DepthwiseConfig, 'kernel_size' | 'strides' | 'padding' | 'dilation_rate'>;

/** ONNX's `SAME_UPPER` is TensorFlow's `same`; onnxruntime knows it of undilated windows alone. */
function windowOf(call: LayerCall, window: Window): Readonly<Record<string, AttributeValue>> {
  const { kernel_size: size, strides, padding, dilation_rate: dilations } = window;
  const attributes = { kernel_shape: size, strides, dilations };
  if (padding === 'valid') return { ...attributes, auto_pad: 'VALID' };
  if (dilations.every((one) => one === 1)) return { ...attributes, auto_pad: 'SAME_UPPER' };
  if (strides.some((one) => one > 1)) throw call.refused('it is dilated and has strides');
  const around = size.map((one, axis) => (one - 1) * (dilations[axis] ?? 1));
  const before = around.map((one) => Math.floor(one / 2));
  return { ...attributes, pads: [...before, ...around.map((one, axis) => one - (before[axis] ?? 0))] };
}

/** A kernel (height, width, a, b) as (…order of those axes…). */
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

function shapeOfWeight(call: LayerCall, name: string): readonly number[] {
  const weight = call.layer.weights.find((candidate) => candidate.name === name);
  if (weight?.shape.length === 4) return weight.shape;
  throw call.refused(`it has no ${name} of four axes`);
}

const biasOf = (call: LayerCall, has: boolean): readonly string[] => (has ? [call.weight('bias')] : []);

export function conv2d(call: LayerCall<ConvolutionConfig>): string {
  const { config } = call;
  const weight = kernel(call, 'kernel', shapeOfWeight(call, 'kernel'), [3, 2, 0, 1]);
  const window = windowOf(call, { ...config, padding: config.padding === 'same' ? 'same' : 'valid' });
  const inputs = [call.input.name, weight, ...biasOf(call, config.use_bias)];
  const y = call.node('Conv', inputs, { ...window, group: config.groups });
  return activate(call, config.activation, y, 'activation');
}

/** A group a channel. */
function depthwise(call: LayerCall, window: Window, name: string, bias: boolean, part?: string): string {
  const shape = shapeOfWeight(call, name);
  const [height = 1, width = 1, channels = 1, multiplier = 1] = shape;
  const dims = [channels * multiplier, 1, height, width];
  const inputs = [call.input.name, kernel(call, name, shape, [2, 3, 0, 1], dims), ...biasOf(call, bias)];
  return call.node('Conv', inputs, { ...windowOf(call, window), group: channels }, part);
}

export function depthwiseConv2d(call: LayerCall<DepthwiseConfig>): string {
  const y = depthwise(call, call.config, 'kernel', call.config.use_bias);
  return activate(call, call.config.activation, y, 'activation');
}

export function separableConv2d(call: LayerCall<SeparableConfig>): string {
  const { config } = call;
  const x = depthwise(call, config, 'depthwise_kernel', false, 'depthwise');
  const weight = kernel(call, 'pointwise_kernel', shapeOfWeight(call, 'pointwise_kernel'), [3, 2, 0, 1]);
  const y = call.node('Conv', [x, weight, ...biasOf(call, config.use_bias)]);
  return activate(call, config.activation, y, 'activation');
}

/** What TensorFlow's `same` cuts off is ONNX's pads. */
export function conv2dTranspose(call: LayerCall<TransposedConvolutionConfig>): string {
  const { config } = call;
  if (config.output_padding !== null) throw call.refused('it has an output_padding');
  const { kernel_size: size, strides, dilation_rate: dilations } = config;
  const beyond = size.map((one, axis) => (one - 1) * (dilations[axis] ?? 1) + 1 - (strides[axis] ?? 1));
  const cut = beyond.map((one) => (config.padding === 'same' ? Math.max(0, one) : 0));
  const before = cut.map((one) => Math.floor(one / 2));
  const attributes = {
    kernel_shape: size,
    strides,
    dilations,
    pads: [...before, ...cut.map((one, axis) => one - (before[axis] ?? 0))],
    output_padding: beyond.map((one) => Math.max(0, -one)),
  };
  const weight = kernel(call, 'kernel', shapeOfWeight(call, 'kernel'), [3, 2, 0, 1]);
  const y = call.node(
    'ConvTranspose',
    [call.input.name, weight, ...biasOf(call, config.use_bias)],
    attributes,
  );
  return activate(call, config.activation, y, 'activation');
}
