import * as activations from './activation';
import { normalization, rescaling } from './preprocessing';
import { conv1d, conv2d } from './convolution';
import { dense } from './dense';
import { depthwiseConv2d, separableConv2d } from './depthwiseConvolution';
import { identity } from './identity';
import { inputLayer } from './inputLayer';
import type { LayerKind } from './kind';
import * as merging from './merging';
import { batchNormalization, layerNormalization } from './normalization';
import * as pooling from './pooling';
import * as regularization from './regularization';
import { flatten, permute, reshape } from './reshaping';
import { cropping2d, upSampling2d, zeroPadding2d } from './resizing';
import { conv2dTranspose } from './transposedConvolution';

const KINDS: readonly LayerKind[] = [
  inputLayer,
  dense,
  identity,
  conv1d,
  conv2d,
  depthwiseConv2d,
  separableConv2d,
  conv2dTranspose,
  pooling.maxPooling1d,
  pooling.maxPooling2d,
  pooling.averagePooling1d,
  pooling.averagePooling2d,
  pooling.globalMaxPooling1d,
  pooling.globalMaxPooling2d,
  pooling.globalAveragePooling1d,
  pooling.globalAveragePooling2d,
  batchNormalization,
  layerNormalization,
  regularization.dropout,
  regularization.spatialDropout2d,
  regularization.gaussianDropout,
  regularization.gaussianNoise,
  activations.activationLayer,
  activations.relu,
  activations.leakyRelu,
  activations.elu,
  activations.prelu,
  activations.softmax,
  merging.add,
  merging.subtract,
  merging.multiply,
  merging.average,
  merging.maximum,
  merging.minimum,
  merging.concatenate,
  flatten,
  reshape,
  permute,
  zeroPadding2d,
  cropping2d,
  upSampling2d,
  rescaling,
  normalization,
];

const BY_NAME: ReadonlyMap<string, LayerKind> = new Map(KINDS.map((kind) => [kind.name, kind]));

/** The kind of that Keras class name, or nothing where the catalogue does not know it. */
export function kindNamed(name: string): LayerKind | undefined {
  return BY_NAME.get(name);
}

/** Every kind, shelf by shelf. */
export function allKinds(): readonly LayerKind[] {
  return KINDS;
}
