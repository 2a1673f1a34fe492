import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { allKinds } from '../../src/core/layers/catalogue';
import { openEngine } from '../../src/trainer/engines/engine';
import { computeLayer, largestGap, tensorOf, type NumberArray } from '../support/computeLayer';
import document from './forwards.json';

interface Case {
  readonly kind: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inputs: readonly NumberArray[];
  readonly weights: Readonly<Record<string, NumberArray>>;
  readonly output: NumberArray;
  readonly training?: NumberArray;
  readonly moved?: Readonly<Record<string, NumberArray>>;
}

const cases = document.cases as unknown as readonly Case[];

/** Every kind, computed as real Keras computes it (forwards.py). */
describe('forward functions against Keras', () => {
  beforeAll(() => openEngine('wasm'));

  it('cover every kind of the catalogue', () => {
    const covered = new Set(cases.map(({ kind }) => kind));
    const missing = allKinds().filter(({ name }) => name !== 'InputLayer' && !covered.has(name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it.each(cases.map((one) => [`${one.kind} ${describeConfig(one.config)}`, one] as const))(
    '%s',
    (_title, { kind, config, inputs, weights, output, training, moved }) => {
      const before = tf.memory().numTensors;
      tf.tidy(() => {
        const tensors = Object.fromEntries(
          Object.entries(weights).map(([name, value]) => [name, tensorOf(value)]),
        );
        const fed = inputs.map(tensorOf);
        const inferred = computeLayer(kind, config, fed, tensors, 'inference');
        expect(inferred.shape).toEqual(output.shape);
        expect(largestGap(inferred, output)).toBeLessThan(2e-6);
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
  const told = Object.entries(config).filter(([key]) => key !== 'data_format' && key !== 'axis');
  return told.map(([key, value]) => `${key} ${JSON.stringify(value)}`).join(', ');
}
