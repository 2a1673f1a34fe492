import { describe, expect, test } from 'vitest';
import { headLayers } from '../../../../src/core/surgery/head';
import type { HeadOptions } from '../../../../src/core/surgery/head';
import {
  headCost,
  headWords,
  poolingProblem,
  previewHead,
  spatialAxes,
} from '../../../../webview/editor/model/headPreview';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const SHAPE = [null, 7, 7, 32];

describe.each(['average', 'max', 'flatten'] as const)('a head with %s pooling', (pooling) => {
  const options: HeadOptions = {
    pooling,
    hiddenUnits: [24, 12],
    dropout: 0.3,
    classes: 5,
    activation: 'softmax',
  };

  test('costs what grafting it adds', () => {
    const host = new EditorHost(residualNet([1]));
    const on = host.model().layers.find(({ name }) => name === 'conv2_block1_out');
    expect(on?.outputShape).toEqual([null, 64, 64, 16]);
    host.answer({
      type: 'edit',
      edit: {
        type: 'operate',
        operation: { op: 'append', after: 'conv2_block1_out', layers: headLayers(options) },
      },
    });
    const grafted = host.model().layers.filter((layer) => layer.grafted);
    const rows = previewHead(options, on?.outputShape ?? []);
    expect(rows.map(({ kind, params }) => ({ kind, params }))).toEqual(
      grafted.map(({ kind, params }) => ({ kind, params })),
    );
    expect(rows.map(({ output }) => output)).toEqual(grafted.map(({ outputShape }) => outputShape?.slice(1)));
  });
});

test('a head on a picture of unknown size costs an unknown number', () => {
  const options: HeadOptions = {
    pooling: 'flatten',
    hiddenUnits: [],
    dropout: 0,
    classes: 5,
    activation: 'softmax',
  };
  expect(headCost(previewHead(options, [null, null, null, 8]))).toBeNaN();
  expect(headCost(previewHead({ ...options, pooling: 'average' }, [null, null, null, 8]))).toBe(45);
});

test('pooling needs a picture, and a picture needs pooling', () => {
  expect(poolingProblem('average', SHAPE)).toBeUndefined();
  expect(poolingProblem('max', [null, 32])).toMatch(/1 axis$/);
  expect(poolingProblem('none', SHAPE)).toMatch(/every place/);
  expect(poolingProblem('none', [null, 32])).toBeUndefined();
  expect(poolingProblem('flatten', [null, 32])).toBeUndefined();
});

test.each([
  [[null, 100, 16], 'GlobalAveragePooling1D'],
  [[null, 8, 8, 16], 'GlobalAveragePooling2D'],
  [[null, 4, 8, 8, 16], 'GlobalAveragePooling3D'],
])('pooling goes over the places of %s', (on, kind) => {
  const options: HeadOptions = {
    ...{ pooling: 'average', hiddenUnits: [], dropout: 0, classes: 3, activation: 'sigmoid' },
  };
  expect(poolingProblem('average', on)).toBeUndefined();
  expect(headLayers(options, spatialAxes(on)).map((layer) => layer.kind)).toEqual([kind, 'Dense']);
  expect(previewHead(options, on)).toEqual([
    { kind, detail: '', output: [16], params: 0 },
    { kind: 'Dense', detail: '3 units, sigmoid', output: [3], params: 51 },
  ]);
  expect(headWords(options)).toBe('average, 3 sigmoid');
});
