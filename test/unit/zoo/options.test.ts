import { describe, expect, test } from 'vitest';
import { checkInvariants } from '../../../src/core/graph/invariants';
import { inferShapes, shapeOf } from '../../../src/core/graph/infer';
import { parameterCount } from '../../../src/core/graph/layerGraph';
import type { ZooOptions } from '../../../src/zoo/architecture';
import { zooEntries, zooEntry } from '../../../src/zoo/registry';

const outputOf = (name: string, options?: ZooOptions) => {
  const graph = zooEntry(name).build(options);
  return shapeOf(inferShapes(graph), graph.outputs[0]!);
};

describe('the zoo', () => {
  test('names each entry once', () => {
    const names = zooEntries().map((entry) => entry.name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  test.each(zooEntries().map((entry) => [entry.name, entry] as const))(
    '%s is a sound graph with the parameters it says',
    (_name, entry) => {
      const graph = entry.build();
      expect(checkInvariants(graph)).toEqual([]);
      expect(inferShapes(graph).faults).toEqual([]);
      expect(graph.layers.reduce((sum, layer) => sum + parameterCount(layer), 0)).toBe(entry.parameters);
    },
  );

  test('finds an entry whatever its capitals, and names the nearest to a slip', () => {
    expect(zooEntry('vgg16').name).toBe('VGG16');
    expect(() => zooEntry('VGG61')).toThrow('the nearest is "VGG16"');
    expect(() => zooEntry('transformer of the year')).toThrow('list it');
  });
});

describe('the options of an architecture', () => {
  test('give the top its classes, and the rest its size', () => {
    expect(outputOf('VGG16', { classes: 7 })).toEqual([null, 7]);
    expect(outputOf('VGG16', { includeTop: false })).toEqual([null, null, null, 512]);
    expect(outputOf('VGG16', { includeTop: false, pooling: 'avg' })).toEqual([null, 512]);
    expect(outputOf('VGG16', { includeTop: false, inputSize: [64, 96] })).toEqual([null, 2, 3, 512]);
    const logits = zooEntry('VGG16').build({ classifierActivation: null }).layers.at(-1);
    expect(logits?.config.activation).toBe('linear');
  });

  test.each<[string, ZooOptions]>([
    ['ZOO_INPUT_SIZE', { inputSize: [31, 224] }],
    ['ZOO_INPUT_SIZE', { inputSize: [null, 224] }],
    ['ZOO_INPUT_SIZE', { inputSize: [224.5, 224], includeTop: false }],
    ['ZOO_INPUT_SIZE', { inputSize: [224, 1e9] }],
    ['ZOO_CLASSES', { classes: 0 }],
    ['ZOO_CLASSES', { classes: 10, pretrained: true }],
    ['ZOO_ACTIVATION', { classifierActivation: 'sigmoid', pretrained: true }],
  ])('are refused by %s', (code, options) => {
    expect(() => zooEntry('VGG16').build(options)).toThrow(expect.objectContaining({ code }));
  });

  test('leave the head of a pretrained model to whoever leaves out the top', () => {
    expect(outputOf('VGG16', { includeTop: false, classes: 10, pretrained: true })).toHaveLength(4);
  });
});
