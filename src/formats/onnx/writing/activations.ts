import { t } from '../../../l10n/translate';
import type { LayerCall } from './draft';

const PLAIN: Readonly<Record<string, string>> = {
  relu: 'Relu',
  sigmoid: 'Sigmoid',
  tanh: 'Tanh',
  elu: 'Elu',
  selu: 'Selu',
  softplus: 'Softplus',
  softsign: 'Softsign',
  exponential: 'Exp',
};

/**
 * An activation function of Keras after a layer, or as one.
 * @param part as in `LayerCall.node`: none where the layer is nothing else
 */
export function activate(call: LayerCall, name: unknown, x: string, part: string | undefined): string {
  const rank = call.output.length;
  const inner = (step: string) => (part === undefined ? step : `${part}_${step}`);
  const plain = typeof name === 'string' ? PLAIN[name] : undefined;
  if (plain !== undefined) return call.node(plain, [x], {}, part);
  switch (name) {
    case 'linear':
      return x;
    case 'relu6':
      return clip(call, x, 6, part);
    case 'leaky_relu':
      return call.node('LeakyRelu', [x], { alpha: { float: 0.2 } }, part);
    case 'hard_sigmoid':
      return call.node('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } }, part);
    case 'hard_sigmoid_keras2':
      return call.node('HardSigmoid', [x], { alpha: { float: 0.2 }, beta: { float: 0.5 } }, part);
    case 'softmax':
      return call.node('Softmax', [x], { axis: rank === 4 ? 1 : -1 }, part);
    case 'log_softmax':
      return call.node('LogSoftmax', [x], { axis: rank === 4 ? 1 : -1 }, part);
    case 'silu':
      return call.node('Mul', [x, call.node('Sigmoid', [x], {}, inner('gate'))], {}, part);
    case 'mish': {
      const soft = call.node('Softplus', [x], {}, inner('softplus'));
      return call.node('Mul', [x, call.node('Tanh', [soft], {}, inner('tanh'))], {}, part);
    }
    case 'gelu': {
      const scaled = call.node('Div', [x, call.floats(inner('root'), [], [Math.SQRT2])], {}, inner('scaled'));
      const erf = call.node('Erf', [scaled], {}, inner('erf'));
      const plus = call.node('Add', [erf, call.floats(inner('one'), [], [1])], {}, inner('plus'));
      const times = call.node('Mul', [x, plus], {}, inner('times'));
      return call.node('Mul', [times, call.floats(inner('half'), [], [0.5])], {}, part);
    }
    default:
      throw call.refused(t('nothing there computes the activation {0}', String(name)));
  }
}

export function clip(call: LayerCall, x: string, most: number, part: string | undefined): string {
  const limits = [call.floats('least', [], [0]), call.floats('most', [], [most])];
  return call.node('Clip', [x, ...limits], {}, part);
}
