import * as tf from '@tensorflow/tfjs-core';
import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import { CHANNEL_SUMS } from '../channelSums';
import { sumChannels } from './channelSums';
import { conv2dFilterGradient, conv2dInputGradient } from './conv2d';
import { depthwiseFilterGradient, depthwiseInputGradient } from './depthwise';
import { transposedMatMul } from './matMul';
import { averagePoolGradient, maxPoolGradient } from './pooling';

interface ConvolutionAttrs {
  readonly strides: number | [number, number];
  readonly pad: 'valid' | 'same' | number | tf.backend_util.ExplicitPadding;
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly inputShape: [number, number, number, number];
  readonly filterShape: [number, number, number, number];
}

interface PoolAttrs extends ConvolutionAttrs {
  readonly filterSize: number | [number, number];
}

type Inputs = Readonly<Record<string, tf.Tensor4D>>;

const convolution = (
  input: [number, number, number, number],
  filter: [number, number, number, number],
  attrs: ConvolutionAttrs,
  depthwise = false,
) =>
  tf.backend_util.computeConv2DInfo(
    input,
    filter,
    attrs.strides,
    1,
    attrs.pad,
    attrs.dimRoundingMode,
    depthwise,
  );

const pool = (
  input: [number, number, number, number],
  { filterSize, strides, pad, dimRoundingMode }: PoolAttrs,
) => tf.backend_util.computePool2DInfo(input, filterSize, strides, 1, pad, dimRoundingMode);

/**
 * What training needs and the WebAssembly backend lacks, or has several times slower than it could be, as
 * composites of what it does fast.
 */
const kernels = {
  [CHANNEL_SUMS]: (backend: BackendWasm, { x }: Inputs) => sumChannels(backend, x),
  /** The backend's own is a plain loop as soon as a side is transposed, which is every gradient of a Dense. */
  BatchMatMul: transposedMatMul,
  Conv2DBackpropFilter: (backend: BackendWasm, { x, dy }: Inputs, attrs: ConvolutionAttrs) =>
    conv2dFilterGradient(backend, x!, dy!, convolution(x!.shape, attrs.filterShape, attrs)),
  Conv2DBackpropInput: (backend: BackendWasm, { dy, filter }: Inputs, attrs: ConvolutionAttrs) =>
    conv2dInputGradient(backend, dy!, filter!, convolution(attrs.inputShape, filter!.shape, attrs)),
  DepthwiseConv2dNativeBackpropFilter: (backend: BackendWasm, { x, dy }: Inputs, attrs: ConvolutionAttrs) =>
    depthwiseFilterGradient(backend, x!, dy!, convolution(x!.shape, attrs.filterShape, attrs, true)),
  DepthwiseConv2dNativeBackpropInput: (
    backend: BackendWasm,
    { dy, filter }: Inputs,
    attrs: ConvolutionAttrs,
  ) =>
    depthwiseInputGradient(backend, dy!, filter!, convolution(attrs.inputShape, filter!.shape, attrs, true)),
  MaxPoolGrad: (backend: BackendWasm, { dy, input }: Inputs, attrs: PoolAttrs) =>
    maxPoolGradient(backend, dy!, input!, pool(input!.shape, attrs)),
  /** The backend's own counts the padding that the forward pass leaves out. */
  AvgPoolGrad: (backend: BackendWasm, { dy, input }: Inputs, attrs: PoolAttrs) =>
    averagePoolGradient(backend, dy!, input!, pool(input!.shape, attrs)),
};

/** Registers the kernels, once a process. */
export function registerTrainingKernels(): void {
  for (const [kernelName, compute] of Object.entries(kernels)) {
    const stock = tf.getKernel(kernelName, 'wasm');
    if (stock) tf.unregisterKernel(kernelName, 'wasm');
    const kernelFunc = ({ inputs, backend, attrs }: Parameters<tf.KernelFunc>[0]) =>
      (compute as unknown as Compute)(backend as BackendWasm, inputs, attrs, stock);
    tf.registerKernel({ ...stock, kernelName, backendName: 'wasm', kernelFunc });
  }
}

/** tfjs types a kernel by its name at run time only; it hands over tensors, though it promises less. */
type Compute = (
  backend: BackendWasm,
  inputs: tf.NamedTensorInfoMap,
  attrs: tf.NamedAttrMap | undefined,
  stock: tf.KernelConfig | undefined,
) => tf.TensorInfo;
