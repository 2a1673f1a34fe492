import { readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Dataset } from 'h5wasm/node';
import sharp from 'sharp';
import { takenFor, type ClassAnswers, type Judgement } from '../../src/core/run/judgement';
import { joinMovements, movementOf, relativeMovement } from '../../src/core/weights/movement';
import { writeNpy } from '../../src/data/npy';
import { openModel } from '../../src/formats/registry';
import { openWeights } from '../../src/formats/weights';
import { layersBeforeRun } from '../../src/host/layersBeforeRun';
import type { FromTrainer } from '../../src/protocol/trainer';
import { modelToJudge } from '../../src/runs/judgedModel';
import { readJudgement } from '../../src/runs/judgementFile';
import { readRun } from '../../src/runs/runReader';
import { editH5 } from '../support/editH5';
import { carryOut, follow, openWorkspace, start, type Workspace } from './workspace';

const isPicture = (message: FromTrainer) => message.type === 'picture';
const isPicturing = (message: FromTrainer) => message.type === 'picturing';

async function trained(workspace: Workspace, changes: Parameters<Workspace['plan']>[0] = {}) {
  const plan = await workspace.plan({
    engine: 'wasm',
    metrics: ['accuracy'],
    cacheFeatures: 'off',
    ...changes,
  });
  const { folder, failed } = await carryOut({ type: 'train', plan });
  expect(failed).toBeUndefined();
  return folder ?? '';
}

async function judged(run: string): Promise<Judgement> {
  const { failed, messages } = await carryOut({ type: 'judge', run });
  expect(failed).toBeUndefined();
  expect(messages.filter(({ type }) => type === 'judging').at(-1)).toMatchObject({ done: 6, samples: 6 });
  const judgement = await readJudgement(run);
  if (!judgement) throw new Error('no judgement');
  return judgement;
}

const classesIn = ({ answers }: Judgement): ClassAnswers => {
  if (answers.kind !== 'classes') throw new Error(`answers with ${answers.kind}`);
  return answers;
};

describe('what a run has moved', () => {
  it('is nothing in frozen layers, and something in the trained one, its first numbers drawn anew', async () => {
    const workspace = await openWorkspace();
    const freeze = [{ match: { all: true as const } }, { match: { names: ['scores'] }, trainable: true }];
    const recipe = { version: 1, operations: [{ op: 'reinitialize', layers: ['scores'] }], freeze };
    await writeFile(workspace.at('head.surgery.json'), JSON.stringify(recipe));
    const run = await trained(workspace, { recipe: 'head.surgery.json' });
    const result = path.join(run, 'model', 'model.h5');
    const before = await layersBeforeRun(result, async () => {});
    const { graph } = await openModel(result);
    const reader = openWeights();
    const moved: Record<string, number | undefined> = {};
    for (const { name, weights } of graph.layers) {
      const known = before?.layers.find((layer) => layer.name === name)?.weights ?? [];
      const movements = await Promise.all(
        weights.map(async (weight) => {
          const was = known.find((each) => each.name === weight.name);
          if (!was) throw new Error(`no ${name}/${weight.name} before`);
          return movementOf(await reader.read(was), await reader.read(weight));
        }),
      );
      if (movements.length > 0) moved[name] = relativeMovement(joinMovements(movements));
    }
    await reader.close();
    expect(moved).toMatchObject({ conv: 0, norm: 0 });
    // Twelve steps of Adam at 0.01, no more.
    expect(moved.scores).toBeGreaterThan(0);
    expect(moved.scores).toBeLessThan(0.5);
    expect(await layersBeforeRun(workspace.at('tiny.h5'), async () => {})).toBeUndefined();
  });
});

describe('a run that is judged', () => {
  it('is measured sample by sample on what it held out, and that is kept', async () => {
    const workspace = await openWorkspace();
    const run = await trained(workspace);
    const { events } = await readRun(run);
    const judgement = await judged(run);
    expect(judgement).toMatchObject({ samples: 6, engine: 'wasm', notes: [] });
    expect(judgement.model).toEqual(await modelToJudge(run, events));
    expect(judgement.model).toMatchObject({ kind: 'result', path: 'model/model.h5' });
    const last = events.findLast((event) => event.type === 'epoch');
    expect(judgement.metrics.loss).toBeCloseTo(last?.metrics.val_loss ?? NaN, 6);
    const { classes, rows } = classesIn(judgement);
    expect(classes).toEqual(['plain', 'striped']);
    expect(rows.label).toEqual([0, 0, 0, 1, 1, 1]);
    const right = rows.label.filter((label, row) => takenFor(rows, row) === label).length;
    expect(right / 6).toBeCloseTo(last?.metrics.val_accuracy ?? NaN, 10);
    // The mean of what each sample's class was given is the loss.
    const loss = rows.truth.reduce((sum, truth) => sum - Math.log(truth), 0) / 6;
    expect(loss).toBeCloseTo(judgement.metrics.loss ?? NaN, 4);
    await utimes(path.join(run, 'model/model.h5'), 1, 1);
    expect(await modelToJudge(run, events)).not.toEqual(judgement.model);
  });

  it('has a picture for every sample, as the model sees it', async () => {
    const workspace = await openWorkspace();
    const run = await trained(workspace);
    const { rows } = classesIn(await judged(run));
    const trainer = await start({ type: 'pictures', run });
    const heard = follow(trainer);
    await heard((message): message is FromTrainer => isPicturing(message));
    const pictureOf = async (of: number | string) => {
      trainer.ask({ type: 'picture', of, side: 64 });
      const found = await heard(
        (message): message is Extract<FromTrainer, { type: 'picture' }> =>
          isPicture(message) && message.of === of,
      );
      return found;
    };
    const striped = await pictureOf(rows.index[5] ?? NaN);
    const { data, info } = await sharp(Buffer.from(striped.png ?? '', 'base64'))
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([8, 8]);
    expect([data[1], data[3]]).toEqual([0, 0]);
    expect(data[0]).toBeGreaterThan(0);
    expect((await pictureOf(workspace.at('data/plain/0.png'))).png).not.toBeNull();
    expect(await pictureOf(5000)).toMatchObject({
      png: null,
      why: expect.stringContaining('number 5000') as string,
    });
    expect(await pictureOf(workspace.at('none.png'))).toMatchObject({ png: null });
    await trainer.stop();
  });

  it('is judged by its newest checkpoint while it has no result, and says so', async () => {
    const workspace = await openWorkspace();
    const run = await trained(workspace, { checkpoint: { every: 1, keep: 1 } });
    await rm(path.join(run, 'model'), { recursive: true });
    expect((await judged(run)).model).toMatchObject({
      kind: 'checkpoint',
      path: 'checkpoints/epoch-0002/model.safetensors',
    });
    await rm(path.join(run, 'checkpoints'), { recursive: true });
    const { failed, code } = await carryOut({ type: 'judge', run });
    expect([code, failed?.code]).toEqual([3, 'NOTHING_TO_JUDGE']);
  });

  it('says that its data has changed since', async () => {
    const workspace = await openWorkspace();
    const run = await trained(workspace);
    await writeFile(workspace.at('data/plain/0.png'), await readFile(workspace.at('data/plain/1.png')));
    await utimes(workspace.at('data/plain/0.png'), 5, 5);
    expect((await judged(run)).notes).toEqual([
      expect.stringMatching(/^The data is not what it was when the run began: .*0\.png/),
    ]);
  });

  it('whose model answers with what is no number is refused, and keeps the judgement it has', async () => {
    const workspace = await openWorkspace();
    const run = await trained(workspace);
    const before = await judged(run);
    await editH5(path.join(run, 'model/model.h5'), (h5) => {
      const bias = h5.get('model_weights/scores/scores/bias');
      if (!(bias instanceof Dataset)) throw new Error('no bias');
      bias.write_slice([[0, 2]], new Float32Array(2).fill(NaN));
    });
    const { failed } = await carryOut({ type: 'judge', run });
    expect(failed).toMatchObject({
      kind: 'work',
      code: 'PREDICTION_NOT_FINITE',
      message: expect.stringMatching(
        /model\.h5: the model answers with NaN for sample 1 of the validation data, expected numbers; check its weights/,
      ) as string,
    });
    expect(await readJudgement(run)).toEqual(before);
  });

  it('without held-out data, and of values, says what there is', async () => {
    const workspace = await openWorkspace();
    const images = { kind: 'images', train: 'data', preprocess: 'unit' } as const;
    const all = await trained(workspace, { data: { ...images, validation: 0 } });
    const { failed } = await carryOut({ type: 'judge', run: all });
    expect(failed?.code).toBe('DATA_EMPTY');
    await expect(stat(path.join(all, 'judgement.json'))).rejects.toThrow();
    const rows = 24;
    await writeNpy(workspace.at('x.npy'), [rows, 8, 8, 1], new Float32Array(rows * 64).fill(0.5));
    await writeNpy(workspace.at('y.npy'), [rows, 2], new Float32Array(rows * 2).fill(0.5));
    const values = await trained(workspace, {
      data: { kind: 'arrays', x: 'x.npy', y: 'y.npy', validation: 0.25 },
      loss: 'meanSquaredError',
      metrics: [],
    });
    const judgement = await judged(values);
    expect(judgement.answers).toEqual({ kind: 'values' });
    expect(judgement.metrics.loss).toBeGreaterThanOrEqual(0);
  });
});
