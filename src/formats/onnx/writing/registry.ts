import type { LayerConfig } from '../../../core/graph/layerGraph';
import type { LayerKind } from '../../../core/layers/kind';
import * as activation from '../../../core/layers/activation';
import { conv2d } from '../../../core/layers/convolution';
import { dense } from '../../../core/layers/dense';
import { depthwiseConv2d, separableConv2d } from '../../../core/layers/depthwiseConvolution';
import { identity } from '../../../core/layers/identity';
import * as merging from '../../../core/layers/merging';
import { batchNormalization, layerNormalization } from '../../../core/layers/normalization';
import * as pooling from '../../../core/layers/pooling';
import { normalization, rescaling } from '../../../core/layers/preprocessing';
import * as regularization from '../../../core/layers/regularization';
import { flatten, permute, reshape } from '../../../core/layers/reshaping';
import { cropping2d, upSampling2d, zeroPadding2d } from '../../../core/layers/resizing';
import { conv2dTranspose } from '../../../core/layers/transposedConvolution';
import * as convolutions from './convolutions';
import type { LayerCall } from './draft';
import * as plain from './plain';

/** @returns the name of the layer's output */
export type Writer = (call: LayerCall) => string;

/** Ties a writer to the catalogue's entry, whose schema is what makes the configuration a `C`. */
function writes<C extends LayerConfig>(
  kind: LayerKind<C>,
  write: (call: LayerCall<C>) => string,
): readonly [string, Writer] {
  return [kind.name, (call) => write(call as LayerCall<C>)];
}

/** How each kind that can be written becomes nodes. */
export const WRITERS: ReadonlyMap<string, Writer> = new Map([
  writes(conv2d, convolutions.conv2d),
  writes(depthwiseConv2d, convolutions.depthwiseConv2d),
  writes(separableConv2d, convolutions.separableConv2d),
  writes(conv2dTranspose, convolutions.conv2dTranspose),
  writes(dense, plain.dense),
  writes(identity, plain.same),
  writes(batchNormalization, plain.batchNormalization),
  writes(layerNormalization, plain.layerNormalization),
  writes(pooling.maxPooling2d, plain.pool('MaxPool')),
  writes(pooling.averagePooling2d, plain.pool('AveragePool')),
  writes(pooling.globalMaxPooling2d, plain.globalPool('GlobalMaxPool')),
  writes(pooling.globalAveragePooling2d, plain.globalPool('GlobalAveragePool')),
  writes(regularization.dropout, plain.dropout),
  writes(regularization.spatialDropout2d, plain.same),
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
  writes(zeroPadding2d, plain.zeroPadding2d),
  writes(cropping2d, plain.cropping2d),
  writes(upSampling2d, plain.upSampling2d),
  writes(rescaling, plain.rescaling),
  writes(normalization, plain.normalization),
]);
