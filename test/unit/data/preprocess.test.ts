import { describe, expect, it } from 'vitest';
import type { Preprocess } from '../../../src/core/plan/plan';
import { pixelWriter } from '../../../src/data/preprocess';

function preprocess(mode: Preprocess, channels: number, pixels: readonly number[]): number[] {
  const into = new Float32Array(pixels.length);
  pixelWriter(mode, channels)(Uint8Array.from(pixels), into, 0);
  return [...into];
}

const close = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 5) as number);

describe('preprocessing', () => {
  // The expectations are keras.applications.imagenet_utils.preprocess_input of [[0, 127, 255], [10, 20, 30]].
  it.each<[Preprocess, number[]]>([
    ['none', [0, 127, 255, 10, 20, 30]],
    ['unit', [0, 0.49803922, 1, 0.03921569, 0.07843138, 0.11764706]],
    ['tf', [-1, -0.00392157, 1, -0.92156863, -0.84313726, -0.7647059]],
    ['caffe', [151.061, 10.221, -123.68, -73.939, -96.779, -113.68]],
    ['torch', [-2.117904, 0.187675, 2.64, -1.946659, -1.685574, -1.281568]],
    [{ scale: 0.5, mean: [1, 2, 3], std: [2], channels: 'bgr' }, [63.25, 30.75, -1.5, 7, 4, 1]],
  ])('%j', (mode, expected) => {
    expect(preprocess(mode, 3, [0, 127, 255, 10, 20, 30])).toEqual(close(expected));
  });

  it('takes grey where the numbers are for any channel', () => {
    expect(preprocess('tf', 1, [0, 255])).toEqual([-1, 1]);
  });

  it('says when the numbers are for colour and the model sees grey', () => {
    expect(() => pixelWriter('caffe', 1)).toThrow(
      'preprocess "caffe" has 3 numbers in mean, the model\'s input has 1 channel',
    );
  });
});
