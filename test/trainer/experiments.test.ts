import { copyFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Plan } from '../../src/core/plan/plan';
import { readPlan, writePlan } from '../../src/formats/planFile';
import { runSweep, sweepOf } from '../../src/runs/sweepSeries';
import { readRun } from '../../src/runs/runReader';
import type { ZooOptions } from '../../src/zoo/architecture';
import { zooEntry } from '../../src/zoo/registry';
import { experimentFile, experimentPlan } from '../support/experiments';
import { writeFiles } from '../support/images';
import { inColour, mnistDigits } from '../support/mnistDigits';
import { narrowed, writeRandom } from '../support/narrowed';
import { temporaryFolder } from '../support/temporary';
import { carryOut, weightBytes } from './workspace';

/** An experiment in a folder of its own: its recipe, its plan, and a narrow model where the README has a whole one made. */
interface Experiment {
  at(...names: readonly string[]): string;
  readonly plan: Plan;
  /** Carries the plan out on the processor, with what is changed, and returns the run's folder. */
  train(changes?: Partial<Plan>): Promise<string>;
}

async function open(
  folder: string,
  planFile: string,
  entry: string,
  options: ZooOptions,
  divisor: number,
): Promise<Experiment> {
  const temporary = await temporaryFolder();
  const at = (...names: readonly string[]) => path.join(temporary, ...names);
  const plan = await experimentPlan(folder, planFile);
  const recipe = plan.recipe ?? '';
  await copyFile(experimentFile(folder, recipe), at(recipe));
  // A state dict's stand-in is a file of another format.
  const model = plan.model.replace(/\.pth$/, '.h5');
  await writeRandom(narrowed(zooEntry(entry).build(options), divisor), at(model));
  return {
    at,
    plan,
    train: async (changes = {}) => {
      await writeFile(at(planFile), JSON.stringify({ ...plan, model, engine: 'wasm', ...changes }));
      const heard = await carryOut({ type: 'train', plan: at(planFile) });
      expect(heard.failed).toBeUndefined();
      return heard.folder ?? '';
    },
  };
}

/** Layers whose weights a run changed, of those that the model had before it. */
async function changedLayers(model: string, folder: string): Promise<readonly string[]> {
  const before = await weightBytes(model);
  const after = await weightBytes(path.join(folder, 'model/model.h5'));
  const changed = [...before.keys()].filter(
    (name) => after.has(name) && after.get(name) !== before.get(name),
  );
  return [...new Set(changed.map((name) => name.split('/')[0] ?? ''))];
}

const lastEpoch = async (folder: string) =>
  (await readRun(folder)).events.findLast((event) => event.type === 'epoch');

/** Each epoch's loss is below that of the one before it. */
async function expectToLearn(folder: string): Promise<void> {
  const { events } = await readRun(folder);
  const losses = events.flatMap((event) => (event.type === 'epoch' ? [Number(event.metrics.loss)] : []));
  expect(losses.length).toBeGreaterThan(1);
  expect(losses).toEqual([...new Set(losses)].toSorted((a, b) => b - a));
}

/** CIFAR-100's binary version of so many digits, each its own fine label. */
async function writeCifar(folder: string, train: number, test: number): Promise<void> {
  const records = async (count: number, skip: number) => {
    const { labels, images } = mnistDigits(count, skip);
    const pictures = await Promise.all(images.map(inColour));
    return Buffer.concat(pictures.flatMap((picture, at) => [Uint8Array.of(0, labels[at] ?? 0), picture]));
  };
  await writeFiles(folder, { 'train.bin': await records(train, 0), 'test.bin': await records(test, 100) });
}

/** A folder a class of digits as colour pictures. */
async function writeImages(folder: string, classes: readonly number[], count: number): Promise<void> {
  const { labels, images } = mnistDigits(count);
  for (const [at, image] of images.entries()) {
    const label = labels[at] ?? 0;
    if (!classes.includes(label)) continue;
    const raw = sharp(image, { raw: { width: 28, height: 28, channels: 1 } });
    await writeFiles(folder, { [`${label}/${at}.png`]: await raw.toColourspace('srgb').png().toBuffer() });
  }
}

describe('the classic experiments on small data', () => {
  it('1: tells two classes apart by what a network had before its own classes', async () => {
    const { at, train } = await open(
      ...(['1-feature-extractor', 'two-classes.plan.json', 'VGG16', { inputSize: [32, 32] }, 8] as const),
    );
    await writeImages(at('images'), [0, 1], 300);
    const folder = await train();
    await expectToLearn(folder);
    expect(await changedLayers(at('vgg16.h5'), folder)).toEqual([]);
  });

  it('2: trains the normalizations of a ResNet50 alone, ends by itself, and predicts what was shrunk', async () => {
    const options = { includeTop: false, inputSize: [64, 64] } as const;
    const { at, plan, train } = await open(
      ...(['2-resnet50', 'cifar100.plan.json', 'ResNet50', options, 16] as const),
    );
    expect(plan).toMatchObject({
      phases: [{ epochs: 50, optimizer: { kind: 'sgd', learningRate: 0.01, momentum: 0.9, nesterov: true } }],
      earlyStopping: { monitor: 'val_accuracy', patience: 8, restoreBest: true },
      checkpoint: { every: 5 },
    });
    // The accuracy on five samples gets better at most five times, so the run ends after 1 + 5 × 8 + 8 epochs at the latest.
    await writeCifar(at('cifar-100-binary'), 20, 5);
    const folder = await train({ batchSize: 4 });
    const { events } = await readRun(folder);
    const epochs = events.filter((event) => event.type === 'epoch');
    for (const { metrics } of epochs)
      expect(Object.keys(metrics)).toEqual(
        expect.arrayContaining(['accuracy', 'top5', 'val_accuracy', 'val_top5']),
      );

    const accuracies = epochs.map(({ metrics }) => Number(metrics.val_accuracy));
    const bestEpoch = accuracies.indexOf(Math.max(...accuracies)) + 1;
    expect(epochs).toHaveLength(bestEpoch + 8);
    const best = { monitor: 'val_accuracy', bestEpoch, best: accuracies[bestEpoch - 1] };
    expect(events.find((event) => event.type === 'earlyStop')).toMatchObject(best);
    expect(events.find((event) => event.type === 'restored')).toMatchObject({ epoch: bestEpoch });
    // What is left says of the test pictures what it said after the best epoch, and no other.
    const judged = await carryOut({
      ...{ type: 'evaluate', model: path.join(folder, 'model'), plan: at('cifar100.plan.json') },
      engine: 'wasm',
    });
    const { metrics } = judged.messages.find((message) => message.type === 'evaluated')!.evaluation;
    const losses = epochs.map(({ metrics: { val_loss: loss } }) => Number(loss));
    expect(losses.filter((loss) => Math.abs(loss / Number(metrics.loss) - 1) < 1e-4)).toEqual([
      losses[bestEpoch - 1],
    ]);

    const kept = events.filter((event) => event.type === 'checkpoint' && event.reason === 'epoch');
    expect(kept.map((event) => event.type === 'checkpoint' && event.epoch)).toEqual(
      Array.from({ length: Math.floor(epochs.length / 5) }, (_, index) => 5 * (index + 1)),
    );
    expect(await readdir(path.join(folder, 'tensorboard'))).not.toEqual([]);
    const changed = await changedLayers(at('resnet50.h5'), folder);
    expect(changed).toHaveLength(53);
    expect(changed.every((name) => name.endsWith('_bn'))).toBe(true);

    const [digit] = mnistDigits(1).images;
    const picture = sharp(digit ?? new Uint8Array(), { raw: { width: 28, height: 28, channels: 1 } });
    const enlarged = await picture.resize(96, 96).toColourspace('srgb').png().toBuffer();
    await sharp(enlarged).resize(32, 32).toFile(at('shrunk.png'));
    const heard = await carryOut({
      ...{ type: 'predict', model: path.join(folder, 'model'), input: at('shrunk.png') },
      ...{ top: 5, engine: 'wasm' },
    });
    const answer = heard.messages.find((message) => message.type === 'predictions');
    const top = answer?.predictions[0]?.top ?? [];
    expect(new Set(top.map(({ label }) => label)).size).toBe(5);
    const shares = top.map(({ score }) => score);
    expect(shares).toEqual(shares.toSorted((a, b) => b - a));
  });

  it('2: sweeps ResNet50 from all convolutions frozen to none, block by block', async () => {
    const options = { includeTop: false, inputSize: [32, 32] } as const;
    const { at, plan } = await open(
      ...(['2-resnet50', 'cifar100.plan.json', 'ResNet50', options, 16] as const),
    );
    await writeCifar(at('cifar-100-binary'), 20, 10);
    const phases = plan.phases.map((phase) => ({ ...phase, epochs: 1 }));
    await writeFile(at('cifar100.plan.json'), JSON.stringify({ ...plan, phases, engine: 'wasm' }));
    const series = await sweepOf(await readPlan(at('cifar100.plan.json')));
    const { folders, complete } = await runSweep(series, {
      onStep: () => undefined,
      onFailure: (failure) => expect.fail(failure.message),
      train: async (file, onFolder) => {
        const { folder = '', failed } = await carryOut({ type: 'train', plan: file });
        expect(failed).toBeUndefined();
        onFolder(folder);
        return true;
      },
    });
    expect([complete, folders.length]).toEqual([true, 6]);
    const sizes = series.steps.map(({ frozenLayers, trainableLayers }) => [frozenLayers, trainableLayers]);
    expect(sizes).toEqual([
      [53, 54],
      [43, 64],
      [24, 83],
      [11, 96],
      [1, 106],
      [0, 107],
    ]);
  });

  it('3: trains a hundred classes on the feature vector of InceptionV3', async () => {
    const options = { includeTop: false, pooling: 'avg', inputSize: [75, 75] } as const;
    const { at, plan, train } = await open(
      ...(['3-inceptionv3', 'cifar100.plan.json', 'InceptionV3', options, 16] as const),
    );
    await writeCifar(at('cifar-100-binary'), 100, 40);
    const folder = await train({ phases: plan.phases.map((phase) => ({ ...phase, epochs: 3 })) });
    await expectToLearn(folder);
    expect(await changedLayers(at('inceptionv3.h5'), folder)).toEqual([]);
  });

  it.each(['pooling', 'flatten'])('4: trains behind 512 units by %s', async (way) => {
    const options = { includeTop: false, inputSize: [64, 64] } as const;
    const { at, plan, train } = await open(
      ...(['4-pooling-or-flatten', `${way}.plan.json`, 'VGG16', options, 8] as const),
    );
    await writeImages(at('images'), [5, 6, 7, 8, 9], 400);
    const folder = await train({
      data: { ...plan.data, kind: 'images', train: 'images' } as Plan['data'],
      phases: plan.phases.map((phase) => ({ ...phase, epochs: 3 })),
    });
    await expectToLearn(folder);
    expect(await changedLayers(at('vgg16.h5'), folder)).toEqual([]);
  });

  it.each(['replace', 'append'])('6: trains behind the frozen features of VGG16: %s', async (way) => {
    const options = { classifierActivation: null } as const;
    const { at, train } = await open(
      ...(['6-vgg16-pytorch', `${way}.plan.json`, 'torchvision-vgg16', options, 16] as const),
    );
    await writeImages(at('images'), [0, 1], 200);
    const folder = await train();
    const { events } = await readRun(folder);
    const features = events.findLast((event) => event.type === 'features');
    expect(features?.kept?.by).toContain('ONNX Runtime');
    const changed = await changedLayers(at('vgg16-397923af.h5'), folder);
    expect(changed.filter((name) => name.startsWith('features'))).toEqual([]);
    expect(changed.length).toBe(way === 'append' ? 3 : 0);
  });

  it('7: trains on from a warm start, with what was frozen as it was', async () => {
    const temporary = await temporaryFolder();
    const plan = await readPlan(experimentFile('7-warm-start', 'warm.plan.json'));
    const file = path.join(temporary, 'warm.plan.json');
    const phases = plan.phases.map((phase) => ({ ...phase, epochs: 1 }));
    await writePlan(file, { ...plan, phases, engine: 'wasm', out: path.join(temporary, 'runs') });
    const { folder = '', failed } = await carryOut({ type: 'train', plan: file });
    expect(failed).toBeUndefined();
    expect((await lastEpoch(folder))?.metrics.val_accuracy).toBeGreaterThan(0.9);
    expect((await changedLayers(plan.model, folder)).filter((name) => name.startsWith('block1'))).toEqual([]);
  });
});
