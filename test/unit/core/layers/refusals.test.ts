import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import type { Shape } from '../../../../src/core/graph/layerGraph';
import { kindNamed } from '../../../../src/core/layers/catalogue';
import { normalizeConfig } from '../../../../src/core/layers/config';
import { ShapeMismatch } from '../../../../src/core/layers/kind';

function failure(kind: string, config: unknown): Failure {
  try {
    normalizeConfig(kindNamed(kind)!, config, 'here');
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error(`${kind} took ${JSON.stringify(config)}`);
}

describe('a configuration that cannot mean anything', () => {
  it('is a failure of the input that names the layer, its kind and the field', () => {
    expect(failure('Dense', { units: -3 })).toMatchObject({
      kind: 'input',
      code: 'CONFIG_INVALID',
      layer: 'here',
      message: 'layer "here" (Dense): units: found -3, expected a whole number of at least 1',
    });
  });

  it('names every field at fault', () => {
    const { message } = failure('Conv2D', { filters: 2.5, kernel_size: [3, 3, 3], padding: 'foo' });
    expect(message).toBe(
      'layer "here" (Conv2D): filters: found 2.5, expected a whole number of at least 1; ' +
        'kernel_size: found [3,3,3], expected a whole number of at least 1 or 2 of them; ' +
        'padding: found "foo", expected one of valid, same',
    );
  });

  it.each([
    ['Dense', {}, 'units: found nothing, expected a whole number of at least 1'],
    ['Dense', { units: 3, unitz: 4 }, 'unitz: is not known here; the keys are units, activation'],
    [
      'Dense',
      { units: 3, activation: 'relo' },
      'activation: found "relo", expected one of linear, relu, relu6',
    ],
    ['Dense', { units: 3, use_bias: 'yes' }, 'use_bias: found "yes", expected true or false'],
    [
      'Dense',
      { units: 3, kernel_initializer: 'glorot_unifrm' },
      'kernel_initializer: found "glorot_unifrm", expected an initializer',
    ],
    ['Activation', { activation: { class_name: 'ReLU', config: { max_value: 4 } } }, 'activation: found {'],
    ['Conv2D', { filters: 4, kernel_size: 0 }, 'kernel_size: found 0, expected'],
    [
      'Conv2D',
      { filters: 4, kernel_size: 3, groups: 3 },
      'groups: found 3, expected a divisor of the 4 filters',
    ],
    [
      'Conv2D',
      { filters: 4, kernel_size: 3, strides: 2, dilation_rate: 2 },
      'dilation_rate: found [2,2], expected 1',
    ],
    [
      'Conv2D',
      { filters: 4, kernel_size: 3, padding: 'causal' },
      'padding: found "causal", expected one of valid, same',
    ],
    [
      'Conv2DTranspose',
      { filters: 4, kernel_size: 3, output_padding: 1 },
      'output_padding: found [1,1], expected below',
    ],
    ['BatchNormalization', { renorm: true }, 'renorm: found true, expected false: nothing else is supported'],
    ['BatchNormalization', { axis: [1, 2] }, 'axis: found [1,2], expected a whole number'],
    ['Dropout', { rate: 1.5 }, 'rate: found 1.5, expected a number from 0 to 1'],
    ['LeakyReLU', { alpha: -1 }, 'negative_slope: found -1, expected a number of at least 0'],
    ['InputLayer', {}, 'batch_shape: found nothing, expected a shape with the batch first'],
    ['InputLayer', { batch_shape: [null, 0] }, 'batch_shape: found [null,0], expected a shape'],
    ['Reshape', { target_shape: [-1, -1] }, 'target_shape: found [-1,-1], expected sizes without the batch'],
    ['Permute', { dims: [1, 3] }, 'dims: found [1,3], expected each axis once'],
    ['Concatenate', { axis: 0 }, 'axis: found 0, expected an axis other than that of the batch'],
    [
      'ZeroPadding2D',
      { padding: [1, -2] },
      'padding: found [1,-2], expected a whole number, [rows, columns]',
    ],
    [
      'UpSampling2D',
      { interpolation: 'cubic' },
      'interpolation: found "cubic", expected one of nearest, bilinear',
    ],
    ['Normalization', { mean: [1] }, 'variance: expected mean and variance both, or neither'],
  ])('%s %j', (kind, config, message) => {
    expect(failure(kind, config).message).toContain(message);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'is not fooled by names that every object has: %s',
    (name) => {
      const config: unknown = JSON.parse(`{ "units": 1, "${name}": 1 }`);
      expect(failure('Dense', config).message).toContain(`${name}: is not known here`);
      expect(failure('Activation', { activation: name }).message).toContain(`activation: found "${name}"`);
      expect(failure('Dense', { units: 1, kernel_initializer: name }).message).toContain(
        'kernel_initializer: found',
      );
    },
  );

  it('that is no object says so', () => {
    expect(failure('Dense', 'units').message).toContain('expected object');
  });
});

describe('inputs that cannot feed a layer', () => {
  const mismatch = (name: string, written: unknown, ...inputs: Shape[]): ShapeMismatch => {
    const kind = kindNamed(name)!;
    const config = normalizeConfig(kind, written);
    try {
      kind.outputs(config, inputs);
      kind.weights(config, inputs);
    } catch (error) {
      if (error instanceof ShapeMismatch) return error;
      throw error;
    }
    throw new Error(`${name} took ${JSON.stringify(inputs)}`);
  };

  it.each([
    [
      mismatch('GlobalAveragePooling2D', {}, [null, 512]),
      '(None, 512)',
      '(batch, height, width, channels); put it before the layer that flattens or pools to a vector',
    ],
    [
      mismatch('Dense', { units: 2 }, [null, null]),
      '(None, None)',
      'a vector of known size per sample; put a GlobalAveragePooling or a Flatten of a fixed input size before it',
    ],
    [
      mismatch('Conv2D', { filters: 1, kernel_size: 5 }, [null, 3, 3, 1]),
      '(None, 3, 3, 1)',
      'at least 5 along each axis that a window of 5 slides over; use padding "same" or a smaller window',
    ],
    [
      mismatch('Add', {}, [null, 7, 7, 512], [null, 14, 14, 512]),
      '(None, 7, 7, 512) and (None, 14, 14, 512)',
      'shapes that are equal, or 1 where they differ',
    ],
    [
      mismatch('Concatenate', {}, [null, 7, 7, 512], [null, 512]),
      '(None, 7, 7, 512) and (None, 512)',
      'the same sizes on every axis but 3, along which they are joined',
    ],
    [
      mismatch('Reshape', { target_shape: [5, 5] }, [null, 24]),
      '(None, 24), which is 24 numbers',
      '25 numbers per sample, to reshape to (5, 5)',
    ],
  ])('%s', (error, found, expected) => {
    expect([error.found, error.expected]).toEqual([found, expected]);
  });
});
