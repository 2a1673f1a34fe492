import type { NodeCall } from '../nodeCall';
import type { Value } from '../value';
import { arithmetic, merging } from './arithmetic';
import { convolution, transposedConvolution } from './convolution';
import { gemm, matMul } from './dense';
import * as elementwise from './elementwise';
import { batchNormalization, layerNormalization } from './normalization';
import { averagePool, globalPool, maxPool, reduce } from './pooling';
import * as shaping from './shaping';

/**
 * Makes layers of a node.
 * @throws Unsupported, Failure or ShapeMismatch with the reason why it cannot be done
 */
export type Converter = (call: NodeCall) => Value | Promise<Value>;

/** Operators of ONNX's own domain. */
export const CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['Conv', convolution],
  ['ConvTranspose', transposedConvolution],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['BatchNormalization', batchNormalization],
  ['LayerNormalization', layerNormalization],
  ['MaxPool', maxPool],
  ['AveragePool', averagePool],
  ['GlobalMaxPool', globalPool('Max')],
  ['GlobalAveragePool', globalPool('Average')],
  ['ReduceMax', reduce('Max')],
  ['ReduceMean', reduce('Average')],
  ['Relu', elementwise.relu],
  ['LeakyRelu', elementwise.leakyRelu],
  ['PRelu', elementwise.prelu],
  ['Elu', elementwise.elu],
  ['Selu', elementwise.selu],
  ['Clip', elementwise.clip],
  ['HardSigmoid', elementwise.hardSigmoid],
  ['HardSwish', elementwise.hardSwish],
  ['Gelu', elementwise.gelu],
  ['Softmax', elementwise.softmax],
  ['LogSoftmax', elementwise.logSoftmax],
  ['Dropout', elementwise.dropout],
  ['Identity', elementwise.identity],
  ['Cast', elementwise.cast],
  ['Sigmoid', elementwise.activation('sigmoid', true)],
  ['Tanh', elementwise.activation('tanh')],
  ['Softplus', elementwise.activation('softplus', true)],
  ['Softsign', elementwise.activation('softsign')],
  ['Exp', elementwise.activation('exponential', true)],
  ['Mish', elementwise.activation('mish')],
  ['Add', arithmetic('Add')],
  ['Sub', arithmetic('Subtract')],
  ['Mul', arithmetic('Multiply')],
  ['Div', arithmetic('Divide')],
  ['Sum', merging('Add')],
  ['Mean', merging('Average')],
  ['Max', merging('Maximum')],
  ['Min', merging('Minimum')],
  ['Concat', shaping.concat],
  ['Transpose', shaping.transpose],
  ['Flatten', shaping.flatten],
  ['Reshape', shaping.reshape],
  ['Squeeze', shaping.squeeze],
  ['Unsqueeze', shaping.unsqueeze],
  ['Pad', shaping.padding],
  ['Resize', shaping.resize],
  ['Upsample', shaping.resize],
  ['Slice', shaping.slice],
]);
