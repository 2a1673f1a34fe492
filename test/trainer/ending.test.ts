import { expect, it } from 'vitest';
import { listCheckpoints } from '../../src/runs/checkpointFolder';
import { readRun } from '../../src/runs/runReader';
import { carryOut, openWorkspace } from './workspace';

it('a run tells its end before the checkpoints go that it needs no more', async () => {
  const workspace = await openWorkspace();
  const plan = await workspace.plan();
  const { folder = '' } = await carryOut(
    { type: 'train', plan },
    { killAfter: '"step":3', signal: 'SIGTERM' },
  );
  expect(await listCheckpoints(folder)).toHaveLength(1);
  await carryOut({ type: 'train', plan, resume: folder }, { killAfter: '"status":"finished"' });
  // A kill just before would have left what to go on from.
  expect(await listCheckpoints(folder)).toHaveLength(1);
  expect(await readRun(folder)).toMatchObject({ status: 'finished', problems: [] });
});
