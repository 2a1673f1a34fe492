import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { allKinds, kindNamed } from '../../src/core/layers/catalogue';
import { normalizeConfig } from '../../src/core/layers/config';
import { openEngine } from '../../src/trainer/engines/engine';
import type { CallContext } from '../../src/trainer/layers/forward';
import { randomStream } from '../../src/trainer/layers/random';
import { forwardOf, isRandom } from '../../src/trainer/layers/registry';
import { activityOf, activityPenalty } from '../../src/trainer/losses/activity';
import { gradientsOf } from '../../src/trainer/program/reversePass';
import { tensorOf, type NumberArray } from '../support/computeLayer';
import { repository, runPython } from '../support/python';
import { installTestEngine } from '../support/tensorflowEngine';

interface Case {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  /** In the training form; else in that of inference. */
  readonly training: boolean;
  readonly inputs: readonly NumberArray[];
  readonly masks?: readonly (NumberArray | null)[];
  readonly weights: Readonly<Record<string, NumberArray>>;
  /** Of each output: what is differentiated is the sum of their products, and of what the layer adds to a loss. */
  readonly weighing: readonly NumberArray[];
  /** Nothing where no way leads from there to an output. */
  readonly byInput: readonly (NumberArray | null)[];
  readonly byWeight: Readonly<Record<string, NumberArray | null>>;
}

const FILE = path.join(repository, '.cache/parity/gradients.json');
await mkdir(path.dirname(FILE), { recursive: true });
await runPython(path.join(repository, 'test/parity/gradients.py'), [FILE]);
const cases = JSON.parse(await readFile(FILE, 'utf8')) as readonly Case[];

/** Layers that predict and do not train, and why. */
const REFUSED: readonly (readonly [kind: string, config: object, reason: string])[] = [
  ...['SimpleRNN', 'LSTM', 'GRU'].map(
    (kind) => [kind, { units: 3, stateful: true }, 'stateful true'] as const,
  ),
  ...['ConvLSTM1D', 'ConvLSTM2D', 'ConvLSTM3D'].map(
    (kind) => [kind, { filters: 2, kernel_size: 2, stateful: true }, 'stateful true'] as const,
  ),
  ['RNN', { cell: inside('GRUCell', { units: 3 }), stateful: true }, 'stateful true'],
  ['Bidirectional', { layer: inside('LSTM', { units: 3, stateful: true }) }, 'stateful true'],
  ...['TimeDistributed', 'Bidirectional'].map(
    (kind) =>
      [
        kind,
        { layer: inside('LSTM', { units: 3, activity_regularizer: inside('L2', {}) }) },
        'to the loss',
      ] as const,
  ),
  [
    'TimeDistributed',
    { layer: inside('SpectralNormalization', { layer: inside('Dense', { units: 3 }) }) },
    'a SpectralNormalization inside',
  ],
];
/** What lets gradients through. */
const passing = cases.filter(({ kind, training }) => !(training && forwardOf(kind)?.stopsGradient));

/** Of the largest number of a gradient. */
const TOLERANCE = 1e-4;
/** What is left where all that a sum adds up cancels out. */
const NOTHING = 1e-5;

/** Drawn, and refused where numbers are asked for: of text, or by a hash that nobody has written down. */
const UNCOMPUTED: ReadonlySet<string> = new Set(['StringLookup', 'TextVectorization', 'HashedCrossing']);

describe('gradients against Keras', () => {
  it('cover every kind of the catalogue', () => {
    const covered = new Set(cases.map(({ kind }) => kind));
    const missing = allKinds()
      .map(({ name }) => name)
      .filter((name) => name !== 'InputLayer' && !UNCOMPUTED.has(name) && !covered.has(name));
    expect(missing).toEqual([]);
  });

  it('are of training, except where training draws numbers that Keras draws otherwise', () => {
    for (const { kind, config, training } of cases) {
      if (!training) expect(isRandom(kind, normalizeConfig(kindNamed(kind)!, config)), kind).toBe(true);
    }
  });

  it('are none where nothing before a layer is trained', () => {
    const stopping = cases.filter(({ kind, training }) => training && forwardOf(kind)?.stopsGradient);
    expect(stopping.length).toBeGreaterThan(0);
    for (const { kind, byInput } of stopping) {
      const found = byInput.flatMap((gradient) => gradient?.data ?? []);
      expect([kind, found.filter((value) => value !== 0)]).toEqual([kind, []]);
    }
  });

  it.each(REFUSED)('are not asked for where training is refused: %s %s', (name, config, reason) => {
    expect(forwardOf(name)?.refusesTraining(normalizeConfig(kindNamed(name)!, config))).toContain(reason);
  });

  it('are of the weights that are trained here', () => {
    for (const { kind: name, config, inputs, byWeight } of cases) {
      const kind = kindNamed(name)!;
      const shapes = inputs.map(({ shape }) => [null, ...shape.slice(1)]);
      const weights = kind.weights(normalizeConfig(kind, config), shapes);
      const trained = weights.filter(({ role }) => role === 'parameter').map((weight) => weight.name);
      expect(trained.toSorted(), name).toEqual(Object.keys(byWeight).toSorted());
    }
  });
});

describe.each(['wasm', 'tensorflow'] as const)('gradients against Keras on %s', (engine) => {
  beforeAll(async () => {
    if (engine === 'tensorflow') await installTestEngine();
    await openEngine(engine);
  });

  it.each(passing.map((one, index) => [`${index} ${one.kind} ${JSON.stringify(one.config)}`, one] as const))(
    '%s',
    (_title, one) => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const names = Object.keys(one.byWeight);
        const { byInput, byWeight } = differentiate(one, names);
        for (const [index, expected] of one.byInput.entries()) {
          expectGradient(byInput[index], expected, `input ${index}`);
        }
        for (const [index, name] of names.entries()) {
          expectGradient(byWeight[index], one.byWeight[name], name);
        }
      });
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

function inside(className: string, config: object): object {
  return { class_name: className, config };
}

/** As the executor does it: what a layer sets before it computes, its forward function, and back through the tape. */
function differentiate({ kind: name, config: raw, training, ...one }: Case, trained: readonly string[]) {
  const [kind, entry] = [kindNamed(name), forwardOf(name)];
  if (!kind || !entry) throw new Error(`nothing computes a ${name}`);
  const config = normalizeConfig(kind, raw);
  expect(entry.refuses(config)).toBeUndefined();
  expect(entry.refusesTraining(config)).toBeUndefined();
  const inputs = one.inputs.map(tensorOf);
  const weights = new Map(Object.entries(one.weights).map(([key, value]) => [key, tensorOf(value)]));
  const masks = one.masks?.map((mask) => (mask ? tf.cast(tensorOf(mask), 'bool') : undefined));
  const context: CallContext = {
    weight: (key) => weights.get(key)!,
    training,
    trainable: training,
    batchStatistics: training,
    random: randomStream(1),
    ...(masks && { masks }),
    assign: () => undefined,
  };
  if (training) entry.beforeCall?.(config, { ...context, assign: (key, value) => weights.set(key, value) });
  const compute = () => {
    const outputs = [entry.forward(config, inputs, context)].flat();
    expect(outputs.map(({ shape }) => shape)).toEqual(one.weighing.map(({ shape }) => shape));
    const penalty = activityOf(name, config);
    return [
      ...outputs.map((output, index) => tf.sum<tf.Scalar>(tf.mul(output, tensorOf(one.weighing[index])))),
      ...(penalty ? outputs.map((output) => activityPenalty(output, penalty)) : []),
    ].reduce((sum, part) => tf.add(sum, part));
  };
  const { gradients } = gradientsOf(compute, [...inputs, ...trained.map((key) => weights.get(key)!)]);
  return { byInput: gradients.slice(0, inputs.length), byWeight: gradients.slice(inputs.length) };
}

/** No gradient is as good as one of zeros. */
function expectGradient(actual: tf.Tensor | undefined, expected: NumberArray | null, what: string): void {
  const found = actual ? [...actual.dataSync()] : (expected?.data.map(() => 0) ?? []);
  if (actual && expected) expect(actual.shape, what).toEqual(expected.shape);
  const wanted = expected?.data ?? found.map(() => 0);
  const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const gaps = wanted.map((value, index) => Math.abs(value - found[index]));
  const worst = gaps.findIndex((gap) => !(gap <= TOLERANCE * largest + NOTHING));
  expect(worst < 0 ? [] : [what, worst, found[worst]]).toEqual(worst < 0 ? [] : [what, worst, wanted[worst]]);
}
