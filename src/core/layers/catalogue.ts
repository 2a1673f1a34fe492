import * as activations from './activation';
import * as adaptive from './adaptivePooling';
import { additiveAttention, attention } from './attention';
import { normalization, rescaling } from './preprocessing';
import { augmentations } from './augmentation';
import * as categorical from './categorical';
import { conv1d, conv2d, conv3d } from './convolution';
import { convLstm1d, convLstm2d, convLstm3d } from './convolutionalRecurrent';
import { dense } from './dense';
import * as depthwise from './depthwiseConvolution';
import { dot } from './dot';
import { einsumDense } from './einsumDense';
import { embedding, masking } from './embedding';
import { identity } from './identity';
import { centerCrop, randomCrop, resizing } from './imageSize';
import { imageTones } from './imageTones';
import { inputLayer } from './inputLayer';
import type { LayerKind } from './kind';
import { integerLookup, stringLookup, textVectorization } from './lookup';
import * as merging from './merging';
import { groupQueryAttention, multiHeadAttention } from './multiHeadAttention';
import { batchNormalization, layerNormalization } from './normalization';
import * as pooling from './pooling';
import * as recurrent from './recurrent';
import { rnn } from './recurrentCells';
import * as regularization from './regularization';
import * as residual from './residual';
import { flatten, permute, repeatVector, reshape } from './reshaping';
import * as resizings from './resizing';
import * as sample from './sampleNormalization';
import { spectralNormalizationKind } from './spectralNormalization';
import { melSpectrogram, stftSpectrogram } from './spectrogram';
import * as tensors from './tensorOperations';
import { einsum, matmul } from './tensorProducts';
import { clip, numberOperation } from './numberOperations';
import { resizeByEdges } from './tensorResizing';
import * as shaping from './tensorShaping';
import * as transposed from './transposedConvolution';
import { wrappingKinds } from './wrapping';

/** They look up what they hold when they are asked, by when every kind is known. */
export const { timeDistributed, bidirectional } = wrappingKinds((name) => kindNamed(name));
export const spectralNormalization = spectralNormalizationKind((name) => kindNamed(name));

const KINDS: readonly LayerKind[] = [
  inputLayer,
  dense,
  einsumDense,
  identity,
  conv1d,
  conv2d,
  conv3d,
  depthwise.depthwiseConv1d,
  depthwise.depthwiseConv2d,
  depthwise.separableConv1d,
  depthwise.separableConv2d,
  transposed.conv1dTranspose,
  transposed.conv2dTranspose,
  transposed.conv3dTranspose,
  pooling.maxPooling1d,
  pooling.maxPooling2d,
  pooling.maxPooling3d,
  pooling.averagePooling1d,
  pooling.averagePooling2d,
  pooling.averagePooling3d,
  pooling.globalMaxPooling1d,
  pooling.globalMaxPooling2d,
  pooling.globalMaxPooling3d,
  pooling.globalAveragePooling1d,
  pooling.globalAveragePooling2d,
  pooling.globalAveragePooling3d,
  adaptive.adaptiveMaxPooling1d,
  adaptive.adaptiveMaxPooling2d,
  adaptive.adaptiveMaxPooling3d,
  adaptive.adaptiveAveragePooling1d,
  adaptive.adaptiveAveragePooling2d,
  adaptive.adaptiveAveragePooling3d,
  batchNormalization,
  layerNormalization,
  sample.groupNormalization,
  sample.rmsNormalization,
  sample.unitNormalization,
  spectralNormalization,
  residual.layerScale,
  regularization.dropout,
  regularization.spatialDropout1d,
  regularization.spatialDropout2d,
  regularization.spatialDropout3d,
  regularization.alphaDropout,
  residual.stochasticDepth,
  regularization.gaussianDropout,
  regularization.gaussianNoise,
  regularization.activityRegularization,
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
  dot,
  residual.customScale,
  flatten,
  reshape,
  permute,
  repeatVector,
  resizings.zeroPadding1d,
  resizings.zeroPadding2d,
  resizings.zeroPadding3d,
  resizings.cropping1d,
  resizings.cropping2d,
  resizings.cropping3d,
  resizings.upSampling1d,
  resizings.upSampling2d,
  resizings.upSampling3d,
  rescaling,
  normalization,
  resizing,
  centerCrop,
  randomCrop,
  ...augmentations,
  ...imageTones,
  categorical.discretization,
  categorical.categoryEncoding,
  categorical.hashing,
  categorical.hashedCrossing,
  integerLookup,
  stringLookup,
  textVectorization,
  stftSpectrogram,
  melSpectrogram,
  embedding,
  masking,
  recurrent.simpleRnn,
  recurrent.lstm,
  recurrent.gru,
  convLstm1d,
  convLstm2d,
  convLstm3d,
  rnn,
  timeDistributed,
  bidirectional,
  attention,
  additiveAttention,
  multiHeadAttention,
  groupQueryAttention,
  ...tensors.unaries,
  ...tensors.binaries,
  ...tensors.reductions,
  tensors.where,
  tensors.pad,
  tensors.constant,
  shaping.tensorReshape,
  shaping.transpose,
  shaping.expandDims,
  shaping.squeeze,
  shaping.tile,
  shaping.take,
  shaping.getItem,
  shaping.stack,
  shaping.split,
  shaping.unstack,
  matmul,
  einsum,
  clip,
  numberOperation,
  resizeByEdges,
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
