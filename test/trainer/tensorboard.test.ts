import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { carryOut, openWorkspace } from './workspace';

const files = (run: string, side: string) => readdir(path.join(run, 'tensorboard', side));

async function textOf(run: string, side: string): Promise<string> {
  const names = await files(run, side);
  const contents = await Promise.all(
    names.map((name) => readFile(path.join(run, 'tensorboard', side, name), 'latin1')),
  );
  return contents.join('');
}

test('a run writes event files where its plan asks for them, and goes on in new ones', async () => {
  const { plan } = await openWorkspace();
  const file = await plan({
    tensorboard: true,
    phases: [{ epochs: 4, optimizer: { kind: 'sgd' } }],
    checkpoint: { every: 1 },
  });
  const stopped = await carryOut({ type: 'train', plan: file }, { killAfter: '"type":"checkpoint"' });
  const run = stopped.folder ?? '';
  expect(await files(run, 'train')).toHaveLength(1);
  await carryOut({ type: 'train', plan: path.join(run, 'plan.json'), resume: run });
  expect(await files(run, 'train')).toHaveLength(2);
  expect(await files(run, 'validation')).toHaveLength(2);
  const [train, validation] = [await textOf(run, 'train'), await textOf(run, 'validation')];
  for (const said of [
    'epoch_loss',
    'epoch_accuracy',
    'epoch_learning_rate',
    'batch_loss',
    'freeze_set',
    '"epochs": 4',
  ])
    expect(train).toContain(said);
  expect(validation).toContain('evaluation_accuracy_vs_iterations');
});

test('a run writes none where its plan does not', async () => {
  const { plan } = await openWorkspace();
  const { folder, code } = await carryOut({ type: 'train', plan: await plan() });
  expect(code).toBe(0);
  expect(await readdir(folder ?? '')).not.toContain('tensorboard');
});
