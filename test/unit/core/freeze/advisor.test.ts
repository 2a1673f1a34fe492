import { describe, expect, it } from 'vitest';
import { advisedLayers } from '../../../../src/core/freeze/advisedLayers';
import { advise, PLENTY, type AdvisedData } from '../../../../src/core/freeze/advisor';
import { backboneParts } from '../../../../src/core/freeze/backboneParts';
import { applyFreezeRules } from '../../../../src/core/freeze/apply';
import { inferShapes } from '../../../../src/core/graph/infer';
import {
  parameterCount,
  trainableParameterCount,
  type LayerGraph,
} from '../../../../src/core/graph/layerGraph';
import { createReplayer } from '../../../../src/core/surgery/replay';
import { Failure } from '../../../../src/core/failure';
import { openModel } from '../../../../src/formats/registry';
import { zooEntries, zooEntry } from '../../../../src/zoo/registry';
import { chain, GraphBuilder } from '../../support/graphs';

const layersOf = (graph: LayerGraph) => advisedLayers(graph, inferShapes(graph));

const few = { images: 600, classes: 2 };
const many = { images: 50_000, classes: 100 };

function adviceOn(graph: LayerGraph, data: AdvisedData) {
  const advice = advise({ layers: layersOf(graph) }, data);
  const { operations, freeze, laterFreeze } = advice;
  const { graph: after, inference } = createReplayer(graph)({
    version: 2,
    operations: [...operations],
    freeze: [...freeze],
  });
  expect(inference.faults.filter(({ severity }) => severity === 'error')).toEqual([]);
  const trained = (of: LayerGraph) =>
    of.layers.reduce((sum, layer) => sum + trainableParameterCount(layer), 0);
  return {
    advice,
    after,
    params: after.layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
    trained: trained(after),
    later: laterFreeze && trained(applyFreezeRules(after, laterFreeze).graph),
  };
}

describe('ResNet50, with its top', () => {
  const graph = zooEntry('ResNet50').build();

  it('learns a head alone from few images like those it has seen', () => {
    const { advice, params, trained, later } = adviceOn(graph, { ...few, likeness: 'similar' });
    expect(advice.strategy).toBe('trainHead');
    expect(advice.operations.map(({ op }) => op)).toEqual(['append']);
    // Keras's 23,587,712 without the top, and 2048 features for two classes.
    expect([params, trained, later]).toEqual([23_587_712 + 4098, 4098, undefined]);
    expect(advice.training).toMatchObject({ learningRate: 1e-3, fineTune: undefined });
  });

  it('opens its last two stages of five for plenty of them, later and slowly', () => {
    const { advice, after, trained, later } = adviceOn(graph, { ...many, likeness: 'similar' });
    expect(advice.strategy).toBe('openLastStages');
    expect(advice.training.fineTune).toEqual({ stages: 2, learningRate: 1e-5, epochs: 10 });
    expect(trained).toBe(204_900);
    const last = after.layers.filter(({ name }) => /^(conv[45]_|dense)/.test(name));
    const weights = last.flatMap((layer) => layer.weights).filter(({ role }) => role === 'parameter');
    expect(later).toBe(weights.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0));
    expect(advice.words.what).toContain('the last 2 of 5 stages');
    expect(advice.words.batchNormalization).toContain('stored statistics');
  });

  it('is cut before its last stage for few images that are different', () => {
    const { advice, after, trained, later } = adviceOn(graph, { ...few, likeness: 'different' });
    expect(advice.strategy).toBe('cutEarlier');
    expect(advice.operations[0]).toEqual({ op: 'cut', after: 'conv4_block6_out' });
    expect(after.layers.slice(-3).map(({ kind }) => kind)).toEqual([
      ...['GlobalAveragePooling2D', 'Dropout', 'Dense'],
    ]);
    expect(trained).toBe(1024 * 2 + 2);
    expect(later).toBeGreaterThan(trained);
    expect(advice.training.fineTune?.stages).toBe(1);
    const again = advise(
      { layers: layersOf(after), cuts: ['conv4_block6_out'] },
      { ...few, likeness: 'different' },
    );
    expect([again.operations, again.strategy]).toEqual([[], 'cutEarlier']);
    expect(again.training).toEqual(advice.training);
  });

  it('is trained as a whole on plenty that are different', () => {
    const { advice, trained } = adviceOn(graph, { ...many, likeness: 'different' });
    expect(advice.strategy).toBe('trainAll');
    // Keras's 23,534,592 trainable ones without the top.
    expect(trained).toBe(23_534_592 + 204_900);
    expect(advice.training).toMatchObject({
      ...{ learningRate: 1e-4, batchNorm: 'train', fineTune: undefined },
      schedule: { kind: 'cosine', warmup: { epochs: 1 } },
    });
  });

  it('keeps a head that answers for as many classes', () => {
    const { advice, trained } = adviceOn(graph, { images: 2000, classes: 1000, likeness: 'unknown' });
    expect([advice.strategy, advice.operations]).toEqual(['trainHead', []]);
    expect(trained).toBe(2_049_000);
    expect(advice.words.doubt).toContain('not known');
  });
});

it.each([
  ['VGG16', 'block4_conv3', 512],
  ['MobileNet', 'conv_pw_11_relu', 512],
  ['MobileNetV2', 'block_12_add', 96],
  ['InceptionV3', 'mixed7', 768],
  ['DenseNet121', 'pool4_relu', 1024],
  ['EfficientNetB0', 'block5c_add', 112],
])('cuts %s where the stage before the last ends, with its block: %s', (name, after, features) => {
  const { advice, trained } = adviceOn(zooEntry(name).build(), { ...few, likeness: 'different' });
  expect(advice.operations[0]).toEqual({ op: 'cut', after });
  expect(trained).toBe(features * 2 + 2);
});

it('hangs the head of MobileNetV2 on its last features', () => {
  const { params, trained } = adviceOn(zooEntry('MobileNetV2').build(), { ...few, likeness: 'similar' });
  // Keras's 2,257,984 without the top, and 1280 features for two classes.
  expect([params, trained]).toEqual([2_257_984 + 2562, 2562]);
});

it.each(zooEntries().map((entry) => [entry.name, entry] as const))('advises on %s', (_, entry) => {
  const graph = entry.build();
  const { advice, trained, later } = adviceOn(graph, { ...few, likeness: 'different' });
  // A cell of NASNet reads the two before it: none of them ends a stage alone.
  const cuts = entry.family === 'NASNet' ? [] : ['cut'];
  expect(advice.operations.map(({ op }) => op)).toEqual([...cuts, 'append']);
  expect(later).toBeGreaterThan(trained);
  const whole = adviceOn(graph, { ...many, likeness: 'similar' });
  expect(whole.advice.operations.map(({ op }) => op)).toEqual(['append']);
  const features = backboneParts(layersOf(graph))!.end.outputShape!.at(-1)!;
  expect(whole.trained).toBe((features + 1) * 100);
  expect(whole.later).toBeGreaterThan(whole.trained);
});

it('advises on the sample, which has one head and no BatchNormalization left over', async () => {
  const { graph } = await openModel('samples/digits-0-4.h5');
  const { advice, after } = adviceOn(graph, { images: 400, classes: 5, likeness: 'similar' });
  expect(advice.operations).toEqual([]);
  const frozen = after.layers.filter(({ weights, trainable }) => weights.length > 0 && !trainable);
  expect(frozen.length).toBeGreaterThan(0);
  expect(after.layers.find(({ name }) => name === 'predictions')?.trainable).toBe(true);
});

describe('what is plenty', () => {
  const graph = zooEntry('MobileNetV2').build();
  it.each([
    [PLENTY.images, 2, 'openLastStages'],
    [PLENTY.images - 1, 2, 'trainHead'],
    [PLENTY.imagesOfClass * 10, 10, 'openLastStages'],
    [PLENTY.imagesOfClass * 10 - 1, 10, 'trainHead'],
  ] as const)('is asked of all images and of a class: %i of %i', (images, classes, strategy) => {
    expect(advise({ layers: layersOf(graph) }, { images, classes, likeness: 'similar' }).strategy).toBe(
      strategy,
    );
  });
});

describe('no advice', () => {
  const net = zooEntry('MobileNetV2').build();
  const codeOf = (graph: LayerGraph, data: AdvisedData): string => {
    try {
      advise({ layers: layersOf(graph) }, data);
    } catch (error) {
      if (error instanceof Failure) return `${error.code}: ${error.message}`;
    }
    return 'none';
  };

  it('is given on one class, or on fewer images than classes', () => {
    expect(codeOf(net, { images: 9, classes: 1, likeness: 'similar' })).toMatch(
      /^ADVISOR_DATA: found 1 classes/,
    );
    expect(codeOf(net, { images: 2, classes: 3, likeness: 'similar' })).toMatch(
      /^ADVISOR_DATA: found 2 images/,
    );
  });

  it('is given on a model that looks at no images', () => {
    const dense = chain([null, 8], { kind: 'Dense', config: { units: 3 } });
    expect(codeOf(dense, { ...few, likeness: 'similar' })).toMatch(/^ADVISOR_MODEL: found no layer/);
    const build = new GraphBuilder();
    const x = build.input([null, 8, 8, 3]);
    const two = build.outputs(build.add('ReLU', x), build.add('Softmax', x));
    expect(codeOf(two, { ...few, likeness: 'similar' })).toMatch(
      /^ADVISOR_MODEL: found 1 inputs and 2 outputs/,
    );
  });
});

it('ends a backbone of one stage with weights where it is: nothing earlier is left to cut after', () => {
  const graph = chain(
    [null, 8, 8, 3],
    { kind: 'Conv2D', config: { filters: 4, kernel_size: 3, padding: 'same' } },
    { kind: 'GlobalAveragePooling2D' },
    { kind: 'Dense', config: { units: 2 } },
  );
  const { advice, trained } = adviceOn(graph, { ...few, likeness: 'different' });
  expect([advice.operations, advice.training.fineTune, trained]).toEqual([[], undefined, 10]);
  expect(advice.words.title).toBe('Train a shallow head');
  expect(advice.words.batchNormalization).toContain('no BatchNormalization');
});
