import { describe, expect, it } from 'vitest';
import type { Shape } from '../../../src/core/graph/layerGraph';
import type { Loss } from '../../../src/core/plan/plan';
import { inferShapes } from '../../../src/core/graph/infer';
import { classifierOf, imageSizeOf, matchClasses, matchRows } from '../../../src/data/match';
import { GraphBuilder } from '../support/graphs';

function classifier(input: Shape, units: number, loss?: Loss) {
  const build = new GraphBuilder();
  const flat = build.add('Flatten', build.input(input, 'pixels'));
  const graph = build.outputs(build.add({ kind: 'Dense', name: 'scores', config: { units } }, flat));
  return classifierOf(graph, inferShapes(graph), loss);
}

describe('what a model wants of its data', () => {
  it('is read off its shapes', () => {
    expect(classifier([null, 28, 28, 1], 5)).toEqual({
      input: [28, 28, 1],
      inputLayer: 'pixels',
      units: 5,
      loss: 'sparseCategoricalCrossentropy',
      classes: 5,
      outputLayer: 'scores',
    });
  });

  it('is two classes for one unit that says yes or no', () => {
    expect(classifier([null, 4, 1], 1, 'binaryCrossentropy').classes).toBe(2);
    expect(classifier([null, 4, 1], 1).classes).toBe(1);
    expect(() => matchClasses(3, classifier([null, 4, 1], 1, 'binaryCrossentropy'), 'data')).toThrow(
      /found 3 classes, .* has 1 unit; .* train on 2 classes/,
    );
  });

  it('is refused where the output is no row of scores', () => {
    const build = new GraphBuilder();
    const graph = build.outputs(build.add({ kind: 'ReLU', name: 'features' }, build.input([null, 7, 7, 64])));
    expect(() => classifierOf(graph, inferShapes(graph))).toThrow(
      'the output "features" has shape (None, 7, 7, 64), expected (None, classes): append a head',
    );
  });

  it('is refused where two inputs want feeding', () => {
    const build = new GraphBuilder();
    const sum = build.add('Add', build.input([null, 4], 'left'), build.input([null, 4], 'right'));
    const graph = build.outputs(sum);
    expect(() => classifierOf(graph, inferShapes(graph))).toThrow(
      'the model has 2 inputs (left, right), expected one',
    );
  });
});

describe('the size of images', () => {
  it.each<[Shape, [number, number] | undefined, object]>([
    [[28, 20, 1], undefined, { height: 28, width: 20, channels: 1 }],
    [[28, 20, 1], [28, 20], { height: 28, width: 20, channels: 1 }],
    [[null, null, 3], [96, 64], { height: 96, width: 64, channels: 3 }],
  ])('of an input %j with the plan saying %j', (input, size, expected) => {
    expect(imageSizeOf(input, 'pixels', size)).toEqual(expected);
  });

  it.each<[Shape, [number, number] | undefined, string]>([
    [[null, null, 3], undefined, 'takes (None, None, None, 3): any size; say which in the plan'],
    [[28, 28, 1], [32, 32], 'the plan\'s size is 32×32, the input "pixels" takes 28×28'],
    [[28, 28, 4], undefined, 'takes (None, 28, 28, 4), expected (None, height, width, 1 or 3)'],
    [[784], undefined, 'takes (None, 784), expected'],
  ])('is refused for an input %j with the plan saying %j', (input, size, message) => {
    expect(() => imageSizeOf(input, 'pixels', size)).toThrow(message);
  });
});

describe('matching data and model', () => {
  it('says both numbers where the classes do not fit', () => {
    const model = classifier([null, 4], 5);
    expect(() => matchClasses(5, model, 'data/digits')).not.toThrow();
    expect(() => matchClasses(7, model, 'data/digits')).toThrow(
      'data/digits: found 7 classes, the model\'s output "scores" has 5 units; cut the head and append a Dense with 7 units',
    );
  });

  it('says both shapes where the rows do not fit', () => {
    expect(() => matchRows([28, 28, 1], [null, 28, 1], 'pixels', 'x.npy')).not.toThrow();
    expect(() => matchRows([28, 28], [28, 28, 1], 'pixels', 'x.npy')).toThrow(
      'x.npy: found rows that make (None, 28, 28), the input "pixels" takes (None, 28, 28, 1)',
    );
  });
});
