import { mkdir, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FromTrainer } from '../../src/protocol/trainer';
import { readNpy, writeNpy } from '../../src/data/npy';
import { plainPng, writeFiles } from '../support/images';
import { carryOut, openWorkspace, type Heard, type Workspace } from './workspace';

function predicted(heard: Heard): Extract<FromTrainer, { type: 'predictions' }> {
  const found = heard.messages.find((message) => message.type === 'predictions');
  if (!found) throw new Error(`no predictions but ${JSON.stringify(heard.failed)}`);
  return found;
}

const predict = (workspace: Workspace, input: string, more: { model?: string; output?: string } = {}) =>
  carryOut({
    type: 'predict',
    model: more.model ?? workspace.at('tiny.h5'),
    input,
    top: 2,
    engine: 'cpu',
    ...(more.output !== undefined && { output: more.output }),
  });

describe('predicting', () => {
  it('feeds an array as it is and writes the outputs', async () => {
    const workspace = await openWorkspace();
    const rows = 70;
    await writeNpy(
      workspace.at('x.npy'),
      [rows, 8, 8, 1],
      Float32Array.from({ length: rows * 64 }, (_, index) => Math.sin(index)),
    );
    const heard = await predict(workspace, workspace.at('x.npy'), { output: workspace.at('y.npy') });
    const { shape, predictions } = predicted(heard);
    expect([heard.code, shape, predictions.length]).toEqual([0, [rows, 2], rows]);
    const written = await readNpy(workspace.at('y.npy'));
    expect(written.shape).toEqual([rows, 2]);
    const last = predictions.at(-1);
    expect(last?.input).toBe('69');
    const scores = [...written.values.subarray(-2)];
    expect(last?.top.map(({ index, label, score }) => [index, label, score])).toEqual(
      [0, 1].sort((a, b) => scores[b]! - scores[a]!).map((index) => [index, String(index), scores[index]]),
    );
    expect(scores[0]! + scores[1]!).toBeCloseTo(1, 5);
  });

  it("takes a run's result with its plan's preprocessing and its labels", async () => {
    const workspace = await openWorkspace();
    const phases = [{ epochs: 30, optimizer: { kind: 'adam' as const, learningRate: 0.02 } }];
    const { folder = '' } = await carryOut({ type: 'train', plan: await workspace.plan({ phases }) });
    const striped = workspace.at('data', 'striped');
    for (const model of ['model', 'model/model.json', 'model/model.h5']) {
      const { predictions } = predicted(
        await predict(workspace, striped, { model: path.join(folder, model) }),
      );
      // In Python's order of names.
      expect(predictions.slice(0, 3).map(({ input }) => path.basename(input))).toEqual([
        '0.png',
        '1.png',
        '10.png',
      ]);
      const right = predictions.filter(({ top }) => top[0]?.label === 'striped');
      expect(right.length).toBeGreaterThanOrEqual(predictions.length - 2);
    }
    // The same numbers as preprocessed by hand: the plan says `unit`.
    await writeFiles(workspace.folder, { 'grey.png': await plainPng(8, 8, 51) });
    await writeNpy(workspace.at('grey.npy'), [1, 8, 8, 1], new Float32Array(64).fill(0.2));
    const model = path.join(folder, 'model', 'model.h5');
    const [image, array] = await Promise.all(
      ['grey.png', 'grey.npy'].map(async (name) =>
        predicted(await predict(workspace, workspace.at(name), { model })),
      ),
    );
    expect(image!.predictions[0]?.top).toEqual(array!.predictions[0]?.top);
  });

  it.each<[string, string, number, (workspace: Workspace) => Promise<[input: string, output?: string]>]>([
    [
      'an array of another shape',
      'INPUT_SHAPE',
      3,
      async (workspace) => {
        await writeNpy(workspace.at('x.npy'), [2, 8, 8], new Float32Array(128));
        return [workspace.at('x.npy')];
      },
    ],
    ['nothing there', 'INPUT_MISSING', 3, async (workspace) => [workspace.at('x.png')]],
    ['no image', 'IMAGE_DECODE', 3, async (workspace) => [workspace.at('tiny.h5')]],
    [
      'an empty folder',
      'DATA_EMPTY',
      3,
      async (workspace) => {
        await mkdir(workspace.at('empty'));
        return [workspace.at('empty')];
      },
    ],
    [
      'an output that is the input',
      'OUTPUT_IS_INPUT',
      2,
      async (workspace) => {
        await writeFile(workspace.at('x.npy'), 'precious');
        return [workspace.at('x.npy'), workspace.at('x.npy')];
      },
    ],
  ])('refuses %s, and writes nothing', async (_, code, status, spoil) => {
    const workspace = await openWorkspace();
    const [input, output] = await spoil(workspace);
    const before = await readdir(workspace.folder);
    const heard = await predict(workspace, input, { output: output ?? workspace.at('y.npy') });
    expect([heard.failed?.code, heard.code]).toEqual([code, status]);
    expect(await readdir(workspace.folder)).toEqual(before);
  });
});
