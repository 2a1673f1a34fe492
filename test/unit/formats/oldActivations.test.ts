import { describe, expect, it } from 'vitest';
import { meansOldHardSigmoid } from '../../../src/formats/keras/oldActivations';
import { readKerasGraph } from '../../../src/formats/keras/readGraph';
import { writeModelConfig } from '../../../src/formats/keras/writeConfig';

const layers = [
  { class_name: 'InputLayer', config: { name: 'in', batch_input_shape: [null, 5, 4] } },
  {
    class_name: 'Bidirectional',
    config: {
      name: 'both',
      layer: { class_name: 'LSTM', config: { units: 3, recurrent_activation: 'hard_sigmoid' } },
    },
  },
  { class_name: 'Dense', config: { name: 'gate', units: 2, activation: 'hardSigmoid' } },
];
const model = { class_name: 'Sequential', config: { name: 'model', layers } };

const read = (oldHardSigmoid: boolean) => readKerasGraph(model, oldHardSigmoid).graph;
const configs = (oldHardSigmoid: boolean) =>
  JSON.stringify(read(oldHardSigmoid).layers.map(({ config }) => config));

describe('hard_sigmoid', () => {
  it.each([
    ['1.2.2', true],
    ['2.15.0', true],
    ['2.6.0-tf', true],
    ['tfjs-layers 4.22.0', true],
    [undefined, true],
    ['3.0.0', false],
    ['10.1.0', false],
  ])('of version %s', (version, old) => {
    expect(meansOldHardSigmoid(version)).toBe(old);
  });

  it('of an older file is another function, in layers inside layers too', () => {
    expect(configs(true).match(/"hard_sigmoid_keras2"/g)).toHaveLength(2);
    expect(configs(true)).not.toContain('"hard_sigmoid"');
    expect(configs(false).match(/"hard_sigmoid"/g)).toHaveLength(2);
  });

  it('is written where it means the same, and refused where it would mean the other', () => {
    expect(JSON.stringify(writeModelConfig(read(true), 'keras2'))).toContain('"activation":"hard_sigmoid"');
    expect(JSON.stringify(writeModelConfig(read(false), 'keras3'))).toContain('"activation":"hard_sigmoid"');
    expect(() => writeModelConfig(read(true), 'keras3')).toThrow(/"both": found the activation hard_sigmoid/);
    expect(() => writeModelConfig(read(false), 'keras2')).toThrow(/that of Keras 3/);
  });
});
