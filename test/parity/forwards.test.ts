import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { allKinds } from '../../src/core/layers/catalogue';
import { openEngine } from '../../src/trainer/engines/engine';
import {
  computeLayer,
  computeOutputs,
  largestGap,
  tensorOf,
  type NumberArray,
} from '../support/computeLayer';
import { installTestEngine } from '../support/tensorflowEngine';
import document from './forwards.json';
import preprocessing from './preprocessing.json';

interface Case {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly NumberArray[];
  readonly weights: Readonly<Record<string, NumberArray>>;
  readonly output: NumberArray;
  /** Of the inputs, where Keras gave it some. */
  readonly masks?: readonly (NumberArray | null)[];
  /** Where it has more than one output. */
  readonly others?: readonly NumberArray[];
  readonly training?: NumberArray;
  readonly moved?: Readonly<Record<string, NumberArray>>;
}

const cases = [...document.cases, ...preprocessing.cases] as unknown as readonly Case[];

/** Sums of products go through step after step, and through exponentials. */
const tolerances = new Map(
  allKinds()
    .filter(({ family }) => family === 'recurrent' || family === 'attention')
    .map(({ name }) => [name, 1e-5]),
);
tolerances.set('STFTSpectrogram', 1e-5);
/** Logarithms of what is left where waves cancel out. */
tolerances.set('MelSpectrogram', 1e-4);

/** Of text, or by a hash that nobody has written down: drawn, and refused where numbers are asked for. */
const UNCOMPUTED: ReadonlySet<string> = new Set(['StringLookup', 'TextVectorization', 'HashedCrossing']);

/** Every kind, computed as real Keras computes it (forwards.py, preprocessing.py). */
describe('forward functions against Keras', () => {
  it('cover every kind of the catalogue', () => {
    const covered = new Set(cases.map(({ kind }) => kind));
    // Operations on raw tensors have their own cases (tensorOperations.test.ts).
    const elsewhere = allKinds().filter(
      ({ name, family }) => name === 'InputLayer' || family === 'operation' || UNCOMPUTED.has(name),
    );
    const missing = allKinds().filter((kind) => !elsewhere.includes(kind) && !covered.has(kind.name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });
});

describe.each(['wasm', 'tensorflow'] as const)('forward functions against Keras on %s', (engine) => {
  beforeAll(async () => {
    if (engine === 'tensorflow') await installTestEngine();
    await openEngine(engine);
  });

  it.each(cases.map((one) => [`${one.kind} ${describeConfig(one.config)}`, one] as const))(
    '%s',
    (_title, { kind, config, inputs, masks, weights, output, others = [], training, moved }) => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const tensors = Object.fromEntries(
          Object.entries(weights).map(([name, value]) => [name, tensorOf(value)]),
        );
        const fed = inputs.map(tensorOf);
        const heeded = masks?.map((mask) => (mask ? tf.cast(tensorOf(mask), 'bool') : undefined));
        const inferred = computeOutputs(kind, config, fed, tensors, 'inference', new Map(), heeded);
        const expected = [output, ...others];
        expect(inferred.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
        for (const [index, one] of expected.entries()) {
          expect(largestGap(inferred[index], one)).toBeLessThan(tolerances.get(kind) ?? 2e-6);
        }
        if (!training) return;
        const statistics = new Map<string, tf.Tensor>();
        const trained = computeLayer(kind, config, fed, tensors, 'training', statistics);
        expect(largestGap(trained, training)).toBeLessThan(5e-6);
        for (const [name, expected] of Object.entries(moved ?? {})) {
          const value = statistics.get(name);
          expect(value && largestGap(value, expected), name).toBeLessThan(2e-6);
          value?.dispose();
        }
      });
      expect(tf.memory().numTensors).toBe(before);
    },
  );
});

function describeConfig(config: Readonly<Record<string, unknown>>): string {
  const told = Object.entries(config).filter(
    ([key, value]) => !UNTOLD.has(key) && value !== false && value !== 0,
  );
  return told.map(([key, value]) => `${key} ${describeValue(value)}`).join(', ');
}

const UNTOLD: ReadonlySet<string> = new Set(['data_format', 'axis', 'backward_layer']);

/** A layer inside by its kind. */
function describeValue(value: unknown): string {
  const inner = value as { class_name?: string } | null;
  return inner?.class_name === undefined ? JSON.stringify(value) : `(${inner.class_name})`;
}
