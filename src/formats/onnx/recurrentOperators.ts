/**
 * What ONNX's recurrent operators and Keras's recurrent layers share, for reading and writing both: gates come in
 * another order, activation functions have other names, both in the same way whichever way one goes.
 */

export interface RecurrentOperator {
  readonly op: 'LSTM' | 'GRU' | 'RNN';
  readonly kind: 'LSTM' | 'GRU' | 'SimpleRNN';
  /** For each gate in Keras's order, its place in ONNX's: ifco of iofc, zrh of zrh. */
  readonly gates: readonly number[];
  /** How many tensors a state is. */
  readonly states: number;
}

export const RECURRENT: readonly RecurrentOperator[] = [
  { op: 'LSTM', kind: 'LSTM', gates: [0, 2, 3, 1], states: 2 },
  { op: 'GRU', kind: 'GRU', gates: [0, 1, 2], states: 1 },
  { op: 'RNN', kind: 'SimpleRNN', gates: [0], states: 1 },
];

/** Functions inside the cells that need no numbers to say what they are: Keras's names by ONNX's. */
export const CELL_ACTIVATIONS: ReadonlyMap<string, string> = new Map([
  ['Sigmoid', 'sigmoid'],
  ['Tanh', 'tanh'],
  ['Relu', 'relu'],
  ['Softsign', 'softsign'],
  ['Softplus', 'softplus'],
]);
