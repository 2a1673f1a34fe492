import type { LayerConfig } from '../../../core/graph/layerGraph';
import type { LayerKind } from '../../../core/layers/kind';
import * as activation from '../../../core/layers/activation';
import * as adaptive from '../../../core/layers/adaptivePooling';
import { bidirectional } from '../../../core/layers/catalogue';
import { conv1d, conv2d, conv3d } from '../../../core/layers/convolution';
import { dense } from '../../../core/layers/dense';
import * as depthwise from '../../../core/layers/depthwiseConvolution';
import { embedding } from '../../../core/layers/embedding';
import { identity } from '../../../core/layers/identity';
import { resizing } from '../../../core/layers/imageSize';
import * as merging from '../../../core/layers/merging';
import { multiHeadAttention } from '../../../core/layers/multiHeadAttention';
import { batchNormalization, layerNormalization } from '../../../core/layers/normalization';
import * as pooling from '../../../core/layers/pooling';
import { normalization, rescaling } from '../../../core/layers/preprocessing';
import * as recurrent from '../../../core/layers/recurrent';
import * as regularization from '../../../core/layers/regularization';
import { flatten, permute, reshape } from '../../../core/layers/reshaping';
import * as resizings from '../../../core/layers/resizing';
import * as sample from '../../../core/layers/sampleNormalization';
import * as transposed from '../../../core/layers/transposedConvolution';
import { clip, numberOperation } from '../../../core/layers/numberOperations';
import * as operation from '../../../core/layers/tensorOperations';
import * as products from '../../../core/layers/tensorProducts';
import { resizeByEdges } from '../../../core/layers/tensorResizing';
import * as shaping from '../../../core/layers/tensorShaping';
import * as convolutions from './convolutions';
import type { LayerCall } from './draft';
import * as normalizations from './normalizations';
import * as operations from './operations';
import * as plain from './plain';
import * as sequences from './sequences';
import * as tensorShaping from './tensorShaping';
import * as windows from './windows';

/** @returns the name of the layer's output, or the names of all that it gives */
export type Writer = (call: LayerCall) => string | readonly string[];

/** Ties a writer to the catalogue's entry, whose schema is what makes the configuration a `C`. */
function writes<C extends LayerConfig>(
  kind: LayerKind<C>,
  write: (call: LayerCall<C>) => string | readonly string[],
): readonly [string, Writer] {
  return [kind.name, (call) => write(call as LayerCall<C>)];
}

/** How each kind that can be written becomes nodes. */
export const WRITERS: ReadonlyMap<string, Writer> = new Map([
  ...[conv1d, conv2d, conv3d].map((kind) => writes(kind, convolutions.convolution)),
  ...[depthwise.depthwiseConv1d, depthwise.depthwiseConv2d].map((kind) =>
    writes(kind, convolutions.depthwiseConvolution),
  ),
  ...[depthwise.separableConv1d, depthwise.separableConv2d].map((kind) =>
    writes(kind, convolutions.separableConvolution),
  ),
  ...[transposed.conv1dTranspose, transposed.conv2dTranspose, transposed.conv3dTranspose].map((kind) =>
    writes(kind, convolutions.transposedConvolution),
  ),
  writes(dense, plain.dense),
  writes(identity, plain.same),
  writes(batchNormalization, plain.batchNormalization),
  writes(layerNormalization, normalizations.layerNormalization),
  writes(sample.groupNormalization, normalizations.groupNormalization),
  writes(sample.unitNormalization, normalizations.unitNormalization),
  writes(sample.rmsNormalization, normalizations.rootMeanSquareNormalization),
  ...[pooling.maxPooling1d, pooling.maxPooling2d, pooling.maxPooling3d].map((kind) =>
    writes(kind, windows.pool('MaxPool')),
  ),
  ...[pooling.averagePooling1d, pooling.averagePooling2d, pooling.averagePooling3d].map((kind) =>
    writes(kind, windows.pool('AveragePool')),
  ),
  ...[adaptive.adaptiveMaxPooling1d, adaptive.adaptiveMaxPooling2d, adaptive.adaptiveMaxPooling3d].map(
    (kind) => writes(kind, windows.adaptivePool('MaxPool')),
  ),
  ...[
    adaptive.adaptiveAveragePooling1d,
    adaptive.adaptiveAveragePooling2d,
    adaptive.adaptiveAveragePooling3d,
  ].map((kind) => writes(kind, windows.adaptivePool('AveragePool'))),
  ...[pooling.globalMaxPooling1d, pooling.globalMaxPooling2d, pooling.globalMaxPooling3d].map((kind) =>
    writes(kind, windows.globalPool('GlobalMaxPool')),
  ),
  ...[pooling.globalAveragePooling1d, pooling.globalAveragePooling2d, pooling.globalAveragePooling3d].map(
    (kind) => writes(kind, windows.globalPool('GlobalAveragePool')),
  ),
  writes(recurrent.lstm, sequences.recurrent('LSTM')),
  writes(recurrent.gru, sequences.recurrent('GRU')),
  writes(recurrent.simpleRnn, sequences.recurrent('SimpleRNN')),
  writes(bidirectional, sequences.bidirectional),
  writes(multiHeadAttention, sequences.multiHeadAttention),
  writes(embedding, sequences.embedding),
  writes(regularization.dropout, plain.dropout),
  writes(regularization.spatialDropout1d, plain.same),
  writes(regularization.spatialDropout2d, plain.same),
  writes(regularization.spatialDropout3d, plain.same),
  writes(regularization.gaussianDropout, plain.same),
  writes(regularization.gaussianNoise, plain.same),
  writes(activation.activationLayer, plain.activationLayer),
  writes(activation.relu, plain.relu),
  writes(activation.leakyRelu, plain.leakyRelu),
  writes(activation.elu, plain.elu),
  writes(activation.prelu, plain.prelu),
  writes(activation.softmax, plain.softmax),
  writes(merging.add, plain.merge('Sum')),
  writes(merging.average, plain.merge('Mean')),
  writes(merging.maximum, plain.merge('Max')),
  writes(merging.minimum, plain.merge('Min')),
  writes(merging.multiply, plain.chain('Mul')),
  writes(merging.subtract, plain.chain('Sub')),
  writes(merging.concatenate, plain.concatenate),
  writes(flatten, plain.flatten),
  writes(reshape, plain.reshape),
  writes(permute, plain.permute),
  writes(resizings.zeroPadding1d, windows.zeroPadding1d),
  writes(resizings.zeroPadding2d, windows.zeroPadding),
  writes(resizings.zeroPadding3d, windows.zeroPadding),
  writes(resizings.cropping1d, windows.cropping1d),
  writes(resizings.cropping2d, windows.cropping),
  writes(resizings.cropping3d, windows.cropping),
  writes(resizings.upSampling1d, windows.upSampling1d),
  writes(resizings.upSampling2d, windows.upSampling2d),
  writes(resizings.upSampling3d, windows.upSampling3d),
  writes(resizing, windows.resizing),
  writes(rescaling, plain.rescaling),
  writes(normalization, plain.normalization),
  ...operation.unaries.map((kind) => writes(kind, operations.unary(kind.name as operation.UnaryName))),
  ...operation.binaries.map((kind) => writes(kind, operations.binary(kind.name as operation.BinaryName))),
  ...operation.reductions.map((kind) => writes(kind, operations.reduce(kind.name as operation.ReducingName))),
  writes(operation.where, operations.where),
  writes(operation.pad, operations.pad),
  writes(operation.constant, operations.constant),
  writes(clip, operations.clip),
  writes(numberOperation, operations.numberOperation),
  writes(products.matmul, operations.matmul),
  writes(products.einsum, operations.einsum),
  writes(resizeByEdges, operations.resizeByEdges),
  writes(shaping.tensorReshape, tensorShaping.tensorReshape),
  writes(shaping.transpose, tensorShaping.transpose),
  writes(shaping.expandDims, tensorShaping.expandDims),
  writes(shaping.squeeze, tensorShaping.squeeze),
  writes(shaping.tile, tensorShaping.tile),
  writes(shaping.take, tensorShaping.take),
  writes(shaping.getItem, tensorShaping.getItem),
  writes(shaping.stack, tensorShaping.stack),
  writes(shaping.split, tensorShaping.split),
  writes(shaping.unstack, tensorShaping.unstack),
]);
