import { chmod, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freezeSweep, type SweepServices } from '../../../src/host/compare/freezeSweep';
import type { Messages } from '../../../src/host/messages';
import type { ModelDocument } from '../../../src/host/modelDocument';
import { OutsidePaths } from '../../../src/host/outsidePaths';
import type { RunPanel } from '../../../src/host/runPanel';
import type { RunRegistry } from '../../../src/host/runRegistry';
import { showEngines } from '../../../src/host/showEngines';
import { startTrainerOf } from '../../../src/host/trainerStart';
import { Training } from '../../../src/host/training';
import { zooStore } from '../../../src/host/zoo/zooStore';
import type { TrainingForm } from '../../../src/protocol/editor';
import type { ToTrainer } from '../../../src/protocol/trainer';
import { temporaryFolder } from '../../support/temporary';
import * as fake from './support/fakeVscode';

vi.mock('vscode', async () => import('./support/fakeVscode'));

beforeEach(() => {
  fake.workspace.isTrusted = false;
});
afterEach(() => {
  fake.workspace.isTrusted = true;
  fake.settings.clear();
});

const outside = new OutsidePaths(fake.memento() as unknown as vscode.Memento);

/** A workspace that names a program of its own as the Node to train with; the program says that it was run. */
async function workspace() {
  const folder = await realpath(await temporaryFolder());
  const [program, trace] = [path.join(folder, 'node'), path.join(folder, 'was-run')];
  await mkdir(path.join(folder, 'dist'));
  for (const file of [program, path.join(folder, 'dist/trainer.js')])
    await writeFile(file, `#!/bin/sh\necho run > '${trace}'\n`);
  await chmod(program, 0o755);
  fake.settings.set('modelSurgery.nodePath', program);
  const wasRun = () =>
    stat(trace).then(
      () => true,
      () => false,
    );
  return { extension: fake.Uri.file(folder) as unknown as vscode.Uri, folder, wasRun };
}

describe('a workspace that is not trusted', () => {
  const run = '/runs/1';
  const requests: readonly ToTrainer[] = [
    { type: 'train', plan: '/a.plan.json' },
    { type: 'train', plan: '/runs/1/plan.json', resume: run },
    { type: 'judge', run },
    { type: 'pictures', run },
    { type: 'predict', model: '/m.h5', input: ['/a.png'], top: 5 },
    { type: 'engines' },
    { type: 'installEngine', engine: 'tensorflow' } as unknown as ToTrainer,
  ];

  it.each(requests)('starts no process to $type, with whichever Node it names', async (request) => {
    const { extension, wasRun } = await workspace();
    await expect(startTrainerOf({ extension, outside }, request)).rejects.toMatchObject({
      code: 'UNTRUSTED',
      message: expect.stringContaining('trust the workspace'),
    });
    expect(await wasRun()).toBe(false);
  });

  it('is told so by every command that trains, before anything is read or written', async () => {
    const { extension, folder } = await workspace();
    const registry = { onDidEnd: () => ({ dispose: () => undefined }) } as unknown as RunRegistry;
    const panel = {} as RunPanel;
    const messages = { log: { info: () => undefined } } as unknown as Messages;
    const training = new Training(extension, registry, panel, messages, outside);
    const plan = path.join(folder, 'missing.plan.json');
    const document = { model: { base: { path: plan } } } as unknown as ModelDocument;
    const left = { id: '1', name: 'digits', stages: [], runs: [] };
    const { goOnWithSweep } = await import('../../../src/host/compare/freezeSweep');
    const services: SweepServices = { training, registry, panel, messages };
    const attempts = [
      () => training.start(document, {} as TrainingForm),
      () => training.planFile(document, {} as TrainingForm),
      () => training.startPlan(fake.Uri.file(plan) as unknown as vscode.Uri),
      () => training.resume(run),
      () => training.trainLonger(run),
      () => training.startInSeries(plan, { reveal: false }),
      () => freezeSweep(plan, services),
      () => goOnWithSweep(left, services),
      () => showEngines({ extension, outside }),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'UNTRUSTED' });
  });

  it('downloads nothing, from whichever mirror it names, and says why', () => {
    fake.settings.set('modelSurgery.zoo.mirror', 'https://attacker.example');
    expect(zooStore().off).toContain('not trusted');
    fake.workspace.isTrusted = true;
    expect(zooStore().off).toBeUndefined();
  });
});
