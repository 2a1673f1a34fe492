import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LayerConfig, LayerGraph } from '../../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';
import { printSummary } from '../../../../src/core/summary/printSummary';
import { chain, GraphBuilder, type LayerSketch } from '../../support/graphs';

const layer = (kind: string, config: LayerConfig = {}, more: Partial<LayerSketch> = {}): LayerSketch => ({
  kind,
  config: normalizeConfig(kindNamed(kind)!, config),
  ...more,
});

/** What real Keras prints for the models of `test/golden/keras-summaries.py`. */
const golden = (name: string) =>
  readFileSync(path.resolve(import.meta.dirname, '../../../golden/summaries', `${name}.txt`), 'utf8');

/** The `small` model of that script. */
function small(): LayerGraph {
  const graph = chain(
    [null, 28, 28, 1],
    layer('Conv2D', { filters: 8, kernel_size: 3 }, { weights: { kernel: [3, 3, 1, 8], bias: [8] } }),
    layer(
      'BatchNormalization',
      {},
      { weights: { gamma: [8], beta: [8], moving_mean: [8], moving_variance: [8] } },
    ),
    layer('MaxPooling2D'),
    layer(
      'Conv2D',
      { filters: 16, kernel_size: 3 },
      {
        name: 'a_convolution_with_a_name_longer_than_its_column',
        weights: { kernel: [3, 3, 8, 16], bias: [16] },
      },
    ),
    layer('GlobalAveragePooling2D'),
    layer('Dropout', { rate: 0.5 }),
    layer('Dense', { units: 10 }, { weights: { kernel: [16, 10], bias: [10] } }),
  );
  return { ...graph, name: 'small', sequential: true };
}

/** The `branched` model of that script. */
function branched(): LayerGraph {
  const build = new GraphBuilder('branched');
  const left = build.input([null, null, 32, 3], 'left');
  const right = build.input([null, null, 32, 3], 'right');
  const conv = layer(
    'Conv2D',
    { filters: 4, kernel_size: 3, padding: 'same' },
    { name: 'shared', weights: { kernel: [3, 3, 3, 4], bias: [4] } },
  );
  const shared = build.add(conv, left);
  const again = build.call(shared, right);
  const normal = layer(
    'BatchNormalization',
    {},
    {
      name: 'normal',
      trainable: false,
      weights: { gamma: [8], beta: [8], moving_mean: [8], moving_variance: [8] },
    },
  );
  const pooled = build.add(
    layer('GlobalMaxPooling2D', {}, { name: 'pooled' }),
    build.add(normal, build.add(layer('Concatenate', {}, { name: 'both' }), shared, again)),
  );
  return build.outputs(
    build.add(layer('Dense', { units: 2 }, { name: 'two', weights: { kernel: [8, 2], bias: [2] } }), pooled),
    build.add(layer('Dense', { units: 1 }, { name: 'one', weights: { kernel: [8, 1], bias: [1] } }), pooled),
  );
}

describe('printSummary', () => {
  it('prints a chain as Keras does', () => {
    expect(`${printSummary(small())}\n`).toBe(golden('small'));
  });

  it('prints connections as Keras does', () => {
    expect(`${printSummary(branched())}\n`).toBe(golden('branched'));
  });

  it('breaks and cuts words as Keras does', () => {
    expect(`${printSummary(branched(), { lineLength: 61 })}\n`).toBe(golden('branched-61'));
  });

  it('shows the input of a chain that is not sequential', () => {
    expect(printSummary({ ...small(), sequential: false })).toContain('│ input_layer (InputLayer) ');
  });

  it('leaves four columns of a narrow terminal free, unless told a length', () => {
    const widthOf = (text: string) => text.split('\n')[1].length;
    expect(widthOf(printSummary(small()))).toBe(88);
    expect(widthOf(printSummary(branched()))).toBe(108);
    expect(widthOf(printSummary(branched(), { terminalColumns: 80 }))).toBe(76);
    expect(widthOf(printSummary(small(), { terminalColumns: 300 }))).toBe(88);
    expect(widthOf(printSummary(small(), { terminalColumns: 80, lineLength: 120 }))).toBe(120);
  });

  it('shows a shape nobody knows as a question mark', () => {
    const text = printSummary(
      chain([null, 4], { kind: 'Lambda', name: 'odd', opaque: 'unknown' }, layer('ReLU')),
    );
    expect(text).toMatch(/│ odd \(Lambda\) +│ \? +│ +0 │/);
    expect(text).toMatch(/│ re_lu \(ReLU\) +│ \? +│ +0 │/);
  });

  it('counts a megabyte as 1,024 kilobytes, and bytes by type', () => {
    const weights = { kernel: [1000, 1000], bias: [1000] };
    const wide = chain([null, 1000], layer('Dense', { units: 1000 }, { weights }));
    expect(printSummary(wide)).toContain(' Total params: 1,001,000 (3.82 MB)\n');
    const [input, dense] = wide.layers;
    const half = {
      ...dense,
      weights: dense.weights.map((weight) => ({ ...weight, dtype: 'float16' as const })),
    };
    expect(printSummary({ ...wide, layers: [input, half] })).toContain(
      ' Total params: 1,001,000 (1.91 MB)\n',
    );
  });
});
