import { t } from '../../../l10n/translate';
import type { NodeCall } from '../nodeCall';
import type { Value } from '../value';
import { Unsupported } from '../unsupported';
import { arithmetic, merging } from './arithmetic';
import { convolution, transposedConvolution } from './convolution';
import { gemm, matMul } from './dense';
import * as elementwise from './elementwise';
import * as normalization from './normalization';
import { averagePool, globalPool, maxPool, reduce } from './pooling';
import { recurrent } from './recurrent';
import * as resizing from './resizing';
import * as shaping from './shaping';
import { slice } from './slicing';
import * as tensor from './tensor';

/**
 * Makes layers of a node: its outputs in order, the first alone where nothing computes the others.
 * @throws Unsupported, Failure or ShapeMismatch with the reason why it cannot be done
 */
export type Converter = (call: NodeCall) => Value | readonly Value[] | Promise<Value | readonly Value[]>;

const quantized = (): never => {
  throw new Unsupported(t('it is of a quantized model: only floats are computed with here'));
};

/** Operators of ONNX's own domain. */
export const CONVERTERS: ReadonlyMap<string, Converter> = new Map<string, Converter>([
  ['Conv', convolution],
  ['ConvTranspose', transposedConvolution],
  ['Gemm', gemm],
  ['MatMul', matMul],
  ['LSTM', recurrent('LSTM')],
  ['GRU', recurrent('GRU')],
  ['RNN', recurrent('RNN')],
  ['BatchNormalization', normalization.batchNormalization],
  ['LayerNormalization', normalization.layerNormalization],
  ['RMSNormalization', normalization.rootMeanSquareNormalization],
  ['InstanceNormalization', normalization.instanceNormalization],
  ['GroupNormalization', normalization.groupNormalization],
  ['LpNormalization', normalization.unitNormalization],
  ['LRN', normalization.localResponse],
  ['MaxPool', maxPool],
  ['AveragePool', averagePool],
  ['GlobalMaxPool', globalPool('Max')],
  ['GlobalAveragePool', globalPool('Average')],
  ['ReduceMax', reduce('Max')],
  ['ReduceMean', reduce('Average')],
  ['ReduceSum', tensor.reduceAny('Sum')],
  ['ReduceSumSquare', tensor.sumOfSquares],
  ['ReduceMin', tensor.reduceAny('Min')],
  ['Relu', elementwise.relu],
  ['LeakyRelu', elementwise.leakyRelu],
  ['PRelu', elementwise.prelu],
  ['Elu', elementwise.elu],
  ['Selu', elementwise.selu],
  ['Clip', elementwise.clip],
  ['HardSigmoid', elementwise.hardSigmoid],
  ['HardSwish', elementwise.activation('hard_silu')],
  ['Gelu', elementwise.gelu],
  ['Celu', elementwise.celu],
  ['ThresholdedRelu', elementwise.thresholdedRelu],
  ['Swish', elementwise.swish],
  ['Abs', tensor.ofOne('Absolute', true)],
  ['Ceil', tensor.ofOne('Ceil')],
  ['Cos', tensor.ofOne('Cos')],
  ['Erf', tensor.ofOne('Erf')],
  ['Floor', tensor.ofOne('Floor')],
  ['Log', tensor.ofOne('Log')],
  ['Reciprocal', tensor.ofOne('Reciprocal')],
  ['Sign', tensor.ofOne('Sign')],
  ['Sin', tensor.ofOne('Sin')],
  ['Sqrt', tensor.ofOne('Sqrt', true)],
  ['Neg', tensor.line({ scale: -1 })],
  ['Pow', tensor.power],
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
  ...[
    'QuantizeLinear',
    'DequantizeLinear',
    'DynamicQuantizeLinear',
    'QLinearConv',
    'QLinearMatMul',
    'ConvInteger',
    'MatMulInteger',
  ].map((op) => [op, quantized] as const),
  ['Concat', shaping.concat],
  ['Transpose', shaping.transpose],
  ['Flatten', shaping.flatten],
  ['Reshape', shaping.reshape],
  ['Squeeze', shaping.squeeze],
  ['Unsqueeze', shaping.unsqueeze],
  ['Pad', shaping.padding],
  ['Resize', resizing.resize],
  ['Upsample', resizing.resize],
  ['Slice', slice],
  ['DepthToSpace', resizing.depthToSpace],
  ['SpaceToDepth', resizing.spaceToDepth],
  ['Split', tensor.split],
  ['Gather', tensor.gather],
  ['Expand', tensor.expand],
  ['Tile', tensor.tile],
  ['Where', tensor.where],
  ['Equal', tensor.ofTwo('Equal')],
  ['Greater', tensor.ofTwo('Greater')],
  ['GreaterOrEqual', tensor.ofTwo('GreaterEqual')],
  ['Less', tensor.ofTwo('Less')],
  ['LessOrEqual', tensor.ofTwo('LessEqual')],
]);
