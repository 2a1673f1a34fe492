import type { Shape } from '../graph/layerGraph';
import { activation } from './activations';
import { configSchema, type ConfigOf } from './config';
import { field, nullable } from './fields';
import { ShapeMismatch, showShape, type LayerKind } from './kind';
import { constraint, initializer, regularizer } from './serialized';
import { parameter, sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

/** Sizes without the batch; null where the input says. */
const outputShape = () =>
  field<readonly (number | null)[]>(
    t('a size, or a list of sizes of at least 1, null where the input says'),
    (raw) => {
      const values: unknown[] = Array.isArray(raw) ? raw : [raw];
      const fits = (size: unknown) => size === null || (Number.isSafeInteger(size) && (size as number) > 0);
      return values.length > 0 && values.every(fits) ? (values as (number | null)[]) : undefined;
    },
  );

const schema = configSchema(
  {
    equation: field<string>(
      t('an equation such as "abc,cd->abd", "...c,cd->...d" or "ab...,bc->ac...", each letter once a term'),
      (raw) => (typeof raw === 'string' && readEquation(raw) ? raw : undefined),
    ),
    output_shape: outputShape(),
    activation: activation(),
    bias_axes: nullable(
      field<string>(t('letters of the output'), (raw) =>
        typeof raw === 'string' && /^[a-zA-Z]+$/.test(raw) ? raw : undefined,
      ),
    ),
    kernel_initializer: initializer('GlorotUniform'),
    bias_initializer: initializer('Zeros'),
    kernel_regularizer: regularizer(),
    bias_regularizer: regularizer(),
    activity_regularizer: regularizer(),
    kernel_constraint: constraint(),
    bias_constraint: constraint(),
  },
  { check: biasInOutput },
);

export type EinsumDenseConfig = ConfigOf<typeof schema>;

/** What an equation says of each axis, by letters. */
export interface Equation {
  readonly input: string;
  readonly kernel: string;
  readonly output: string;
  /** Where any number of axes stand that the kernel does not touch. */
  readonly elided: 'left' | 'right' | undefined;
}

/** @returns nothing for what is no equation of this layer */
export function readEquation(text: string): Equation | undefined {
  const match = /^(\.\.\.)?([a-zA-Z]+)(\.\.\.)?,([a-zA-Z]+)->(\.\.\.)?([a-zA-Z]+)(\.\.\.)?$/.exec(text);
  if (!match) return undefined;
  const [, left, input, right, kernel, leftOut, output, rightOut] = match;
  if (left !== leftOut || right !== rightOut || (left && right) || (right && input.length < 2))
    return undefined;
  const once = [input, kernel, output].every((term) => new Set(term).size === term.length);
  const fromSomewhere = [...output].every((letter) => input.includes(letter) || kernel.includes(letter));
  const toSomewhere = [...kernel].every((letter) => input.includes(letter) || output.includes(letter));
  // The batch is first on both sides.
  const batched = left !== undefined || (input[0] === output[0] && !kernel.includes(input[0]));
  if (!once || !fromSomewhere || !toSomewhere || !batched) return undefined;
  return { input, kernel, output, elided: left ? 'left' : right ? 'right' : undefined };
}

/** @throws Error for a text that no schema let through */
export function equationOf(config: EinsumDenseConfig): Equation {
  const equation = readEquation(config.equation);
  if (!equation) throw new Error(`a configuration in normal form has the equation ${config.equation}`);
  return equation;
}

/**
 * An input, a kernel and an output by the letters of an equation, and a bias along some of the output's.
 * Source: keras.src.layers.core.einsum_dense, _analyze_einsum_string.
 */
export const einsumDense: LayerKind<EinsumDenseConfig> = {
  name: 'EinsumDense',
  family: 'core',
  schema,
  arity: [1, 1],
  weights(config, [input]) {
    const { sizes, elided, equation, output } = analyze(config, input);
    const known = (letter: string): number => {
      const size = sizes.get(letter);
      if (typeof size === 'number') return size;
      throw new ShapeMismatch(showShape(input), t('a known size for "{0}" of {1}', letter, config.equation));
    };
    const kernel = parameter('kernel', [...equation.kernel].map(known), config.kernel_initializer);
    if (config.bias_axes === null) return [kernel];
    const axes = new Set(config.bias_axes);
    const first = [...equation.output].findIndex((letter) => axes.has(letter));
    const own = [...equation.output].slice(first).map((letter, index) => {
      if (!axes.has(letter)) return 1;
      const size = output[index + first + (equation.elided === 'left' ? elided : 0)];
      if (size === null)
        throw new ShapeMismatch(showShape(input), t('a known size for "{0}", which has a bias', letter));
      return size;
    });
    const behind = equation.elided === 'right' ? Array.from({ length: elided }, () => 1) : [];
    return [kernel, parameter('bias', [...own, ...behind], config.bias_initializer)];
  },
  outputs: (config, [input]) => [analyze(config, input).output],
  flops(config, [input], [output]) {
    const { equation, sizes } = analyze(config, input);
    const summed = [...equation.input].filter((letter) => !equation.output.includes(letter));
    const terms = summed.reduce((product, letter) => product * (sizes.get(letter) ?? 1), 1);
    return sampleSize(output) * (2 * terms + (config.bias_axes === null ? 0 : 1));
  },
};

/** @throws ShapeMismatch */
function analyze(config: EinsumDenseConfig, input: Shape) {
  const equation = equationOf(config);
  const elided = input.length - equation.input.length;
  if (equation.elided === undefined ? elided !== 0 : elided < (equation.elided === 'left' ? 1 : 0)) {
    throw new ShapeMismatch(showShape(input), t('the axes of {0}', config.equation));
  }
  const between = equation.elided === 'left' ? input.slice(1, elided) : [];
  const behind = equation.elided === 'right' ? input.slice(input.length - elided) : [];
  const output = [input[0], ...between, ...config.output_shape, ...behind];
  const lead = equation.elided === 'left' ? elided : 0;
  if (output.length !== equation.output.length + elided) {
    throw new ShapeMismatch(
      t('an output_shape of {0} sizes', config.output_shape.length),
      t('as many as {0} has letters in its output', config.equation),
    );
  }
  const sizes = new Map([...equation.input].map((letter, axis) => [letter, input[axis + lead]]));
  for (const [axis, letter] of [...equation.output].entries()) {
    const size = output[axis + lead];
    const met = sizes.get(letter);
    if (met !== undefined && size !== null && met !== size) {
      throw new ShapeMismatch(
        showShape(input),
        t('{0} on the axis "{1}" of {2}', size, letter, config.equation),
      );
    }
    // Keras takes the kernel's sizes from the output where that has the letter.
    sizes.set(letter, size ?? (equation.kernel.includes(letter) ? null : (met ?? null)));
  }
  return { equation, elided, sizes, output };
}

function biasInOutput(config: { equation?: unknown; bias_axes?: unknown }): Record<string, string> {
  const { equation, bias_axes: axes } = config;
  if (typeof equation !== 'string' || typeof axes !== 'string') return {};
  const output = readEquation(equation)?.output ?? '';
  const stray = [...axes].find((letter) => !output.includes(letter));
  return stray === undefined
    ? {}
    : { bias_axes: t('found "{0}", expected letters of the output "{1}"', stray, output) };
}
