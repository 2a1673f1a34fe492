import * as tf from '@tensorflow/tfjs-core';
import { einsumDense, equationOf, type EinsumDenseConfig } from '../../core/layers/einsumDense';
import { activate } from './activate';
import { addBias } from './affine';
import { contract } from './contraction';
import { computes, type Forward } from './forward';

/** Stands for the axes of "...", one name each; no letter of an equation is a digit. */
const elidedNames = (count: number) => Array.from({ length: count }, (_, index) => `${index}`);

const contractAndAct: Forward<EinsumDenseConfig> = (config, [x], { weight }) => {
  const equation = equationOf(config);
  const elided = elidedNames(x.rank - equation.input.length);
  const axesOf = (letters: string): string[] =>
    equation.elided === 'left' ? [...elided, ...letters] : [...letters, ...elided];
  const kernel = { values: weight('kernel'), axes: [...equation.kernel] };
  const y = contract({ values: x, axes: axesOf(equation.input) }, kernel, axesOf(equation.output));
  if (config.bias_axes === null) return activate(config.activation, y);
  const bias = weight('bias');
  return activate(config.activation, bias.rank === 1 ? addBias(y, bias) : tf.add(y, bias));
};

export const einsumDenses = [computes(einsumDense, contractAndAct)];
