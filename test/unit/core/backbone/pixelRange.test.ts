import { describe, expect, it } from 'vitest';
import { takesUnitPixels } from '../../../../src/core/backbone/pixelRange';
import { recogniseBackbone } from '../../../../src/core/backbone/recognise';
import { chain } from '../../support/graphs';

const rescaling = (scale: number | readonly number[], offset: number | readonly number[] = 0) => ({
  kind: 'Rescaling',
  config: { scale, offset },
});
const net = (...before: readonly { readonly kind: string; readonly config?: object }[]) =>
  chain(
    [null, 8, 8, 3],
    ...before.map(({ kind, config = {} }, at) => ({ kind, name: `before${at}`, config: { ...config } })),
    { kind: 'Conv2D', name: 'conv', config: { filters: 4, kernel_size: 3 } },
  );

describe('the pixels that a model scales itself', () => {
  it.each([
    ['2 x - 1 at once', [rescaling(2, -1)]],
    ['2 x - 1 in two steps', [rescaling(2), rescaling(1, -1)]],
    ['behind augmentation', [{ kind: 'RandomFlip' }, rescaling(2, -1)]],
    ['to 255 and down again', [rescaling(255), rescaling(1 / 127.5, -1)]],
    ['by channel', [rescaling([1 / 0.229, 1 / 0.224, 1 / 0.225], [-2.1, -2, -1.8])]],
  ])('are from 0 to 1: %s', (_, before) => {
    expect(takesUnitPixels(net(...before))).toBe(true);
    expect(recogniseBackbone(net(...before))?.preprocess).toBe('unit');
  });

  it.each([
    ['none', []],
    ['0 to 255, divided', [rescaling(1 / 255)]],
    ['0 to 255, made -1 to 1', [rescaling(1 / 127.5, -1)]],
    ['0 to 255, less their mean', [rescaling(1, [-103.9, -116.8, -123.7])]],
    ['0 to 255, less their mean, in two steps', [rescaling(1, -127.5), rescaling(1 / 127.5)]],
  ])('are not from 0 to 1: %s', (_, before) => {
    expect(takesUnitPixels(net(...before))).toBe(false);
  });
});
