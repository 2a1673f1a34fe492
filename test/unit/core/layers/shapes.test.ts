import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LayerConfig, Shape } from '../../../../src/core/graph/layerGraph';
import { allKinds, kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';
import { ShapeMismatch } from '../../../../src/core/layers/kind';

/** A row of `test/golden/layer-shapes.json` or of those of preprocessing, which real Keras measured. */
interface Measured {
  readonly kind: string;
  readonly arguments: LayerConfig;
  readonly config: LayerConfig;
  readonly inputs: readonly Shape[];
  readonly output?: Shape;
  /** Where the layer has more than one. */
  readonly others?: readonly Shape[];
  readonly weights?: readonly (readonly [name: string, shape: readonly number[], trainable: boolean])[];
  readonly refused?: boolean;
}

const rows = ['layer-shapes.json', 'preprocessing-shapes.json'].flatMap(
  (name) =>
    JSON.parse(
      readFileSync(path.resolve(import.meta.dirname, '../../../golden', name), 'utf8'),
    ) as readonly Measured[],
);

describe('shapes and weights against real Keras', () => {
  it('covers every kind of the catalogue', () => {
    const measured = new Set(rows.map((row) => row.kind));
    // Operations on raw tensors are held to TensorFlow's (tensorOperations.test.ts).
    const missing = allKinds().filter((kind) => kind.family !== 'operation' && !measured.has(kind.name));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it.each(rows.filter((row) => !row.refused).map((row) => [title(row), row] as const))(
    '%s',
    (_title, row) => {
      const kind = kindNamed(row.kind)!;
      const config = normalizeConfig(kind, row.config);
      expect(kind.outputs(config, row.inputs)).toEqual([row.output, ...(row.others ?? [])]);
      const weights = kind.weights(config, row.inputs);
      expect(weights.map(({ name, shape, role }) => [name, shape, role === 'parameter'])).toEqual(
        row.weights,
      );
      expect(kind.flops(config, row.inputs, [row.output!])).toBeGreaterThanOrEqual(0);
    },
  );

  it.each(rows.filter((row) => row.refused).map((row) => [title(row), row] as const))(
    'refuses %s',
    (_title, row) => {
      const kind = kindNamed(row.kind)!;
      const config = normalizeConfig(kind, row.config);
      expect(() => [kind.outputs(config, row.inputs), kind.weights(config, row.inputs)]).toThrow(
        ShapeMismatch,
      );
    },
  );

  it.each(rows.map((row) => [title(row), row] as const))(
    'reads the arguments of %s as it reads its configuration',
    (_title, row) => {
      const kind = kindNamed(row.kind)!;
      const config = normalizeConfig(kind, row.config);
      expect(normalizeConfig(kind, row.arguments)).toEqual(config);
      expect(normalizeConfig(kind, config)).toEqual(config);
    },
  );
});

function title(row: Measured): string {
  return `${row.kind} ${JSON.stringify(row.arguments)} on ${JSON.stringify(row.inputs)}`;
}
