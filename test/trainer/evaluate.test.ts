import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRun } from '../../src/runs/runReader';
import type { Evaluation, EvaluateRequest } from '../../src/protocol/trainer';
import { carryOut, openWorkspace, trainerEntry, type Heard } from './workspace';

const FROZEN = [{ match: { all: true as const } }, { match: { names: ['scores'] }, trainable: true }];

function evaluationOf({ messages, failed }: Heard): Evaluation {
  expect(failed).toBeUndefined();
  const answer = messages.find((message) => message.type === 'evaluated');
  if (!answer) throw new Error('no answer');
  return answer.evaluation;
}

/** What the last epoch of a run measured on its validation data, and its model. */
async function trained(plan: string) {
  const { folder = '' } = await carryOut({ type: 'train', plan });
  const { events } = await readRun(folder);
  const last = events.findLast((event) => event.type === 'epoch');
  const metrics = last?.type === 'epoch' ? last.metrics : {};
  const validation = Object.entries(metrics).flatMap(([name, value]) =>
    name.startsWith('val_') ? [[name.slice('val_'.length), value] as const] : [],
  );
  return { model: path.join(folder, 'model', 'model.h5'), measured: Object.fromEntries(validation) };
}

const evaluate = (request: Omit<EvaluateRequest, 'type'>) => carryOut({ type: 'evaluate', ...request });

describe('a model that is evaluated', () => {
  it.each(['cpu', 'wasm'] as const)('on %s measures what the run of its plan did last', async (engine) => {
    const workspace = await openWorkspace();
    const plan = await workspace.plan({
      engine,
      phases: [{ epochs: 3, optimizer: { kind: 'adam', learningRate: 0.01 } }],
      metrics: ['accuracy', 'top5', 'auc'],
      cacheFeatures: 'off',
    });
    const { model, measured } = await trained(plan);
    const before = await readdir(workspace.folder);
    const { samples, metrics, confusion } = evaluationOf(await evaluate({ model, plan }));
    expect(samples).toBe(6);
    expect(Object.keys(measured)).toEqual(['loss', 'accuracy', 'top5', 'auc']);
    expect(metrics).toEqual(measured);
    expect(confusion?.classes).toEqual(['plain', 'striped']);
    // A row for each class, of which a quarter is held out; on the diagonal what is right.
    const counts = confusion?.counts ?? [];
    expect(counts.map((row) => row.reduce((sum, count) => sum + count, 0))).toEqual([3, 3]);
    expect((counts[0]![0]! + counts[1]![1]!) / 6).toBeCloseTo(measured.accuracy ?? NaN, 10);
    expect(await readdir(workspace.folder)).toEqual(before);
  });

  it('may be one in which nothing is trained, after a recipe', async () => {
    const workspace = await openWorkspace();
    const freeze = [{ match: { all: true } }];
    await writeFile(workspace.at('all.surgery.json'), JSON.stringify({ version: 1, operations: [], freeze }));
    const plan = await workspace.plan({
      phases: [{ epochs: 1, optimizer: { kind: 'sgd', learningRate: 1 }, freeze: FROZEN }],
    });
    const model = workspace.at('tiny.h5');
    const plain = evaluationOf(await evaluate({ model, plan }));
    const frozen = evaluationOf(await evaluate({ model, plan, recipe: workspace.at('all.surgery.json') }));
    expect(frozen).toEqual(plain);
  });

  it('is refused a plan that holds nothing out, and a model that is not there', async () => {
    const workspace = await openWorkspace();
    const model = workspace.at('tiny.h5');
    const images = { kind: 'images', train: 'data', preprocess: 'unit' } as const;
    const all = await evaluate({ model, plan: await workspace.plan({ data: { ...images, validation: 0 } }) });
    expect([all.code, all.failed?.code]).toEqual([3, 'DATA_EMPTY']);
    expect(all.failed?.message).toMatch(/tiny\.plan\.json: found no data that is held out for validation/);
    const none = await evaluate({ model: workspace.at('none.h5'), plan: await workspace.plan() });
    expect(none.code).toBe(3);
  });
});

describe('model-surgery evaluate', () => {
  const run = (folder: string, argv: readonly string[]) =>
    new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
      const cli = path.join(path.dirname(trainerEntry), 'cli.js');
      const child = spawn(process.execPath, [cli, ...argv], {
        cwd: folder,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const [stdout, stderr]: [string[], string[]] = [[], []];
      child.stdout.setEncoding('utf8').on('data', (text: string) => stdout.push(text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => stderr.push(text));
      child.once('error', reject);
      child.once('close', (status) => resolve({ status, stdout: stdout.join(''), stderr: stderr.join('') }));
    });

  it('prints the numbers and the matrix, or both as JSON', async () => {
    const { folder, plan } = await openWorkspace();
    await plan();
    const text = await run(folder, ['evaluate', 'tiny.h5', '--plan', 'tiny.plan.json']);
    expect(text).toMatchObject({ status: 0, stderr: '' });
    expect(text.stdout).toMatch(
      /^6 samples: loss \d\.\d{4} {2}accuracy [01]\.\d{4}\n\ntrue \\ predicted {2}plain {2}striped\nplain +\d +\d\nstriped +\d +\d\n$/,
    );
    const json = await run(folder, ['evaluate', 'tiny.h5', '--plan', 'tiny.plan.json', '--json']);
    expect(json).toMatchObject({ status: 0, stderr: '' });
    expect(Object.keys(JSON.parse(json.stdout) as Evaluation)).toEqual(['samples', 'metrics', 'confusion']);
  });

  it('says in one line what is wrong', async () => {
    const { folder } = await openWorkspace();
    expect(await run(folder, ['evaluate', 'tiny.h5'])).toEqual({
      status: 2,
      stdout: '',
      stderr: 'error OPTION_MISSING: evaluate needs --plan P\n',
    });
    const missing = await run(folder, ['evaluate', 'tiny.h5', '--plan', 'none.plan.json', '--json']);
    expect(missing).toMatchObject({ status: 3, stderr: '' });
    expect(JSON.parse(missing.stdout)).toMatchObject({
      error: { message: expect.stringContaining('none.plan.json') as string },
    });
  });
});
