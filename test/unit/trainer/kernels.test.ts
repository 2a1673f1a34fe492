import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openEngine } from '../../../src/trainer/engines/engine';

/** Kernels of ours on wasm beside the plain JavaScript of the cpu backend, on the same numbers. */

type Shape4D = [number, number, number, number];

let seed = 1;
function numbers(shape: readonly number[]): tf.TypedArray {
  return tf.tidy(() => tf.randomNormal([...shape], 0, 1, 'float32', seed++).dataSync());
}

/** Runs a kernel on both backends and returns the largest gap, and how many tensors wasm was left with beside the result. */
async function compare(
  kernel: string,
  inputs: Record<string, { shape: number[]; values: tf.TypedArray }>,
  attrs: object,
) {
  const results: Float32Array[] = [];
  let left = 0;
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const before = tf.memory().numTensors;
    const fed = Object.fromEntries(
      Object.entries(inputs).map(([name, { shape, values }]) => [name, tf.tensor(values, shape)]),
    );
    const output = tf.engine().runKernel(kernel, fed, attrs as tf.NamedAttrMap) as tf.Tensor;
    results.push((await output.data()) as Float32Array);
    left = tf.memory().numTensors - before - Object.keys(inputs).length - 1;
    tf.dispose([output, fed]);
  }
  const [expected, actual] = results;
  expect(actual).toHaveLength(expected.length);
  const gap = expected.reduce((worst, value, index) => Math.max(worst, Math.abs(value - actual[index])), 0);
  return { gap, left };
}

const array = (shape: readonly number[]) => ({ shape: [...shape], values: numbers(shape) });

interface Geometry {
  readonly input: Shape4D;
  readonly filter: Shape4D;
  readonly strides: [number, number];
  readonly pad: 'same' | 'valid';
}

const geometries: Geometry[] = [];
for (const pad of ['same', 'valid'] as const) {
  for (const strides of [
    [1, 1],
    [2, 2],
    [3, 1],
    [2, 3],
  ] as [number, number][]) {
    geometries.push(
      { input: [2, 7, 8, 3], filter: [3, 3, 3, 4], strides, pad },
      { input: [1, 9, 6, 2], filter: [2, 4, 2, 3], strides, pad },
      { input: [3, 5, 5, 4], filter: [1, 1, 4, 5], strides, pad },
      { input: [2, 8, 8, 1], filter: [5, 5, 1, 2], strides, pad },
    );
  }
}
const title = ({ input, filter, strides, pad }: Geometry) =>
  `input ${input.join('×')}, filter ${filter.join('×')}, strides ${strides.join('×')}, ${pad}`;

beforeAll(async () => {
  await openEngine('cpu');
  await openEngine('wasm');
});

describe.each(geometries.map((geometry) => [title(geometry), geometry] as const))(
  '%s',
  (_title, geometry) => {
    const { input, filter, strides, pad } = geometry;
    const outputOf = (depthwise: boolean) =>
      tf.backend_util.computeConv2DInfo(input, filter, strides, 1, pad, undefined, depthwise).outShape;
    const attrs = { strides, pad, dataFormat: 'NHWC', dilations: 1 };

    it('convolution, gradient of the filter', async () => {
      const inputs = { x: array(input), dy: array(outputOf(false)) };
      const { gap, left } = await compare('Conv2DBackpropFilter', inputs, { ...attrs, filterShape: filter });
      expect(gap).toBeLessThan(5e-5);
      expect(left).toBe(0);
    });

    it('convolution, gradient of the input', async () => {
      const inputs = { dy: array(outputOf(false)), filter: array(filter) };
      const { gap, left } = await compare('Conv2DBackpropInput', inputs, { ...attrs, inputShape: input });
      expect(gap).toBeLessThan(2e-5);
      expect(left).toBe(0);
    });

    it('depthwise, gradient of the filter', async () => {
      const inputs = { x: array(input), dy: array(outputOf(true)) };
      const { gap, left } = await compare('DepthwiseConv2dNativeBackpropFilter', inputs, {
        ...attrs,
        filterShape: filter,
      });
      expect(gap).toBeLessThan(5e-5);
      expect(left).toBe(0);
    });

    it('depthwise, gradient of the input', async () => {
      const inputs = { dy: array(outputOf(true)), filter: array(filter) };
      const { gap, left } = await compare('DepthwiseConv2dNativeBackpropInput', inputs, {
        ...attrs,
        inputShape: input,
      });
      expect(gap).toBeLessThan(2e-5);
      expect(left).toBe(0);
    });
  },
);

describe('other kernels', () => {
  it.each([
    [[2, 2], [2, 2], 'valid'],
    [[3, 3], [2, 2], 'same'],
    [[3, 2], [1, 2], 'same'],
  ] as const)('max pooling %j, strides %j, %s', async (filterSize, strides, pad) => {
    const input: Shape4D = [2, 7, 9, 3];
    const size = [...filterSize] as [number, number];
    const step = [...strides] as [number, number];
    const { outShape } = tf.backend_util.computePool2DInfo(input, size, step, 1, pad);
    const inputs = { dy: array(outShape), input: array(input), output: array(outShape) };
    const { gap, left } = await compare('MaxPoolGrad', inputs, { filterSize: size, strides: step, pad });
    expect(gap).toBeLessThan(1e-6);
    expect(left).toBe(0);
  });

  it('average pooling leaves the padding out, as its forward pass does', async () => {
    await tf.setBackend('wasm');
    const gradient = tf.tidy(() =>
      tf
        .grad((x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 'same'))(tf.ones([1, 3, 3, 1]))
        .dataSync(),
    );
    expect([...gradient]).toEqual([0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.5, 0.5, 1]);
  });

  it.each([
    [true, false],
    [false, true],
    [true, true],
  ])('products with transposed sides: %s, %s', async (transposeA, transposeB) => {
    const inputs = {
      a: array(transposeA ? [1, 5, 7] : [1, 7, 5]),
      b: array(transposeB ? [1, 9, 5] : [1, 5, 9]),
    };
    const { gap, left } = await compare('BatchMatMul', inputs, { transposeA, transposeB });
    expect(gap).toBeLessThan(1e-5);
    expect(left).toBe(0);
  });

  it('sums channels as TensorFlow does on a CPU: four lanes of rows', async () => {
    await tf.setBackend('wasm');
    const rows = 4 * 300 + 3;
    const values = numbers([rows, 5]) as Float32Array;
    const lanes = Array.from({ length: 4 }, () => new Float32Array(5));
    const total = new Float32Array(5);
    for (let row = 0; row < rows - 3; row++) {
      for (let channel = 0; channel < 5; channel++) lanes[row % 4][channel] += values[row * 5 + channel];
    }
    for (const lane of lanes) lane.forEach((sum, channel) => (total[channel] += sum));
    for (let index = (rows - 3) * 5; index < values.length; index++) total[index % 5] += values[index];
    const x = tf.tensor(values, [rows, 5]);
    const sums = tf.engine().runKernel('ChannelSums', { x }) as tf.Tensor;
    expect([...sums.dataSync()]).toEqual([...total]);
    tf.dispose([x, sums]);
  });
});
