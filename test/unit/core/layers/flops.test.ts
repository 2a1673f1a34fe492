import { describe, expect, it } from 'vitest';
import type { LayerConfig, Shape } from '../../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';

function flops(name: string, written: LayerConfig, ...inputs: Shape[]): number {
  const kind = kindNamed(name)!;
  const config = normalizeConfig(kind, written);
  return kind.flops(config, inputs, kind.outputs(config, inputs));
}

const IMAGE: Shape = [null, 8, 8, 4];

describe('operations for one sample', () => {
  it.each([
    ['Dense', { units: 10 }, [null, 100] as Shape, 2 * 1000 + 10],
    ['Dense', { units: 10, use_bias: false }, [32, 7, 100] as Shape, 2 * 7 * 1000],
    ['Conv2D', { filters: 6, kernel_size: 3, padding: 'same', use_bias: false }, IMAGE, 2 * 64 * 9 * 4 * 6],
    [
      'Conv2D',
      { filters: 6, kernel_size: 3, padding: 'same', groups: 2 },
      IMAGE,
      2 * 64 * 9 * 2 * 6 + 64 * 6,
    ],
    [
      'Conv2D',
      { filters: 6, kernel_size: 3, padding: 'same', use_bias: false },
      [null, null, null, 4] as Shape,
      2 * 9 * 24,
    ],
    ['DepthwiseConv2D', { kernel_size: 3, padding: 'same', use_bias: false }, IMAGE, 2 * 64 * 9 * 4],
    [
      'SeparableConv2D',
      { filters: 6, kernel_size: 3, padding: 'same', use_bias: false },
      IMAGE,
      2 * 64 * 9 * 4 + 2 * 64 * 4 * 6,
    ],
    [
      'Conv2DTranspose',
      { filters: 6, kernel_size: 2, strides: 2, use_bias: false },
      IMAGE,
      2 * 64 * 4 * 4 * 6,
    ],
    ['MaxPooling2D', { pool_size: 2 }, IMAGE, 256],
    ['GlobalAveragePooling2D', {}, IMAGE, 256],
    ['BatchNormalization', {}, IMAGE, 512],
    ['Flatten', {}, IMAGE, 0],
  ])('%s %j on %j', (kind, config, input, expected) => {
    expect(flops(kind, config, input)).toBe(expected);
  });

  it('adds what it merges', () => {
    expect(flops('Add', {}, IMAGE, IMAGE, IMAGE)).toBe(512);
  });
});
