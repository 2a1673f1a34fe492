import { describe, expect, test } from 'vitest';
import { shapeOf } from '../../../../src/core/graph/infer';
import { layerNamed } from '../../../../src/core/graph/lookup';
import { failureOf, namesOf, operateOn, residualNet, siameseNet, smallNet, untouched } from './sampleGraphs';

describe('inputShape', () => {
  test('leaves all weights of a fully convolutional net where they are', () => {
    const net = residualNet();
    const { graph, inference, notes } = operateOn(net, { op: 'inputShape', shape: [null, 20, 3] });
    expect(layerNamed(graph, 'image').config).toMatchObject({
      batch_shape: [null, null, 20, 3],
      dtype: 'float32',
    });
    expect(untouched(net, graph)).toEqual(namesOf(net).filter((name) => name !== 'image'));
    expect(shapeOf(inference, graph.outputs[0]!)).toEqual([null, 7]);
    expect([inference.faults, notes]).toEqual([[], []]);
  });

  test('starts the weights behind a Flatten anew and says so', () => {
    const net = smallNet();
    const { graph, inference, notes } = operateOn(net, { op: 'inputShape', shape: [12, 12, 1] });
    expect(untouched(net, graph)).toEqual(['conv', 'bn', 'relu', 'pool', 'flatten']);
    expect(layerNamed(graph, 'dense').weights.map(({ shape }) => shape)).toEqual([[144, 10], [10]]);
    expect(notes.map(({ message }) => message)).toEqual([
      '"dense" starts anew: its kernel (64, 10) no longer fits',
    ]);
    expect(inference.faults).toEqual([]);
  });

  test('shows as a fault what cannot be fed so', () => {
    const { inference } = operateOn(smallNet(), { op: 'inputShape', shape: [12] });
    expect(inference.faults.map(({ code, layer }) => [code, layer])).toEqual([['SHAPE_MISMATCH', 'conv']]);
    const unknown = operateOn(smallNet(), { op: 'inputShape', shape: [null, null, 1] });
    expect(unknown.inference.faults.map(({ layer }) => layer)).toEqual(['dense']);
  });

  test('of several inputs changes the named one', () => {
    const { graph, inference } = operateOn(siameseNet(), { op: 'inputShape', shape: [9], input: 'right' });
    expect(layerNamed(graph, 'left').config.batch_shape).toEqual([null, 4]);
    expect(layerNamed(graph, 'right').config.batch_shape).toEqual([null, 9]);
    expect(inference.faults.map(({ layer }) => layer)).toEqual(['encoder']);
  });

  test('is refused where it is not clear which input is meant, or it is none', () => {
    expect(failureOf(() => operateOn(siameseNet(), { op: 'inputShape', shape: [9] }))).toBe(
      'INPUT_AMBIGUOUS: the model has 2 inputs ("left", "right"); say which one with "input"',
    );
    expect(failureOf(() => operateOn(siameseNet(), { op: 'inputShape', shape: [9], input: 'apart' }))).toBe(
      'INPUT_UNKNOWN: "apart" is no input of the model, expected "left", "right"',
    );
  });
});
