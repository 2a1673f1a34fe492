import { mkdir, realpath, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type * as vscode from 'vscode';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dataSchema } from '../../../src/core/plan/trainingData';
import { writePlan } from '../../../src/formats/planFile';
import { writeRecipe } from '../../../src/formats/recipeFile';
import { linkedData } from '../../../src/host/linkedData';
import { OutsidePaths } from '../../../src/host/outsidePaths';
import { temporaryFolder } from '../../support/temporary';
import * as fake from './support/fakeVscode';

vi.mock('vscode', async () => import('./support/fakeVscode'));

beforeEach(() => {
  fake.asked.length = 0;
  fake.answers.length = 0;
  fake.details.length = 0;
  fake.workspace.isTrusted = true;
  fake.workspace.workspaceFolders = undefined;
});

/** A workspace folder beside another folder, and the gate of a window that has the first open. */
async function window({ open = true } = {}) {
  const root = await realpath(await temporaryFolder());
  const at = (...names: string[]) => path.join(root, ...names);
  await mkdir(at('workspace'));
  await mkdir(at('elsewhere'));
  if (open) fake.workspace.workspaceFolders = [{ uri: fake.Uri.file(at('workspace')) }];
  const memory = fake.memento() as unknown as vscode.Memento;
  return { at, memory, gate: new OutsidePaths(memory) };
}

const donor = (file: string) => [{ path: file, what: 'the donor model' }];

describe('what a recipe names', () => {
  it('is asked about where it leaves the workspace by its path or by a link, and where it leads is said', async () => {
    const { at, gate } = await window();
    const recipe = at('workspace/digits.surgery.json');
    await symlink(at('elsewhere'), at('workspace/linked'));
    const ways = [at('elsewhere/a.h5'), at('workspace/../elsewhere/a.h5'), at('workspace/linked/a.h5')];
    for (const way of ways) {
      await expect(gate.allow(donor(way), recipe)).rejects.toMatchObject({
        code: 'OUTSIDE_REFUSED',
        path: at('elsewhere/a.h5'),
        message: expect.stringContaining('digits.surgery.json names the donor model'),
      });
    }
    expect(fake.asked).toEqual(Array(3).fill('digits.surgery.json names a place outside of this workspace'));
    expect(fake.details[2]).toContain(`the donor model: ${at('elsewhere/a.h5')}`);
    expect(fake.details[2]).toContain(recipe);
  });

  it('is not asked about in the workspace, in whichever of its folders', async () => {
    const { at, gate } = await window();
    fake.workspace.workspaceFolders = ['workspace', 'elsewhere'].map((name) => ({
      uri: fake.Uri.file(at(name)),
    }));
    await gate.allow([...donor(at('workspace/a/b.h5')), ...donor(at('elsewhere/c.h5'))], at('workspace/x'));
    expect(fake.asked).toEqual([]);
  });

  it('is asked about once: the answer is this workspace’s from then on', async () => {
    const { at, gate, memory } = await window();
    fake.answers.push('Read It');
    await gate.allow(donor(at('elsewhere/a.h5')), at('workspace/x.surgery.json'));
    await gate.allow(donor(at('elsewhere/a.h5')), at('workspace/y.surgery.json'));
    await new OutsidePaths(memory).allow(donor(at('elsewhere/a.h5')), at('workspace/y.surgery.json'));
    expect(fake.asked).toHaveLength(1);
    await expect(gate.allow(donor(at('elsewhere/b.h5')), at('workspace/x.surgery.json'))).rejects.toThrow();
    expect(fake.asked).toHaveLength(2);
  });

  it('is asked about once also where two ask at the same time', async () => {
    const { at, gate } = await window();
    fake.answers.push('Read It');
    await Promise.all([1, 2, 3].map(() => gate.allow(donor(at('elsewhere/a.h5')), at('workspace/x'))));
    expect(fake.asked).toHaveLength(1);
  });

  it('is refused in a workspace that is not trusted, without a question', async () => {
    const { at, gate } = await window();
    fake.workspace.isTrusted = false;
    await expect(gate.allow(donor(at('elsewhere/a.h5')), at('workspace/x'))).rejects.toMatchObject({
      code: 'OUTSIDE_UNTRUSTED',
      message: expect.stringContaining('trust it to be asked'),
    });
    await gate.allow(donor(at('workspace/a.h5')), at('workspace/x'));
    expect(fake.asked).toEqual([]);
  });

  it('is its own beside a recipe that lies in no folder of the window', async () => {
    const { at, gate } = await window({ open: false });
    const recipe = at('elsewhere/x.surgery.json');
    await gate.allow(donor(at('elsewhere/deeper/a.h5')), recipe);
    expect(fake.asked).toEqual([]);
    // Its runs lie deeper and name it too.
    await gate.allow(donor(at('elsewhere/deeper/a.h5')), at('elsewhere/runs/1/plan.json'));
    expect(fake.asked).toEqual([]);
    await expect(gate.allow(donor(at('workspace/a.h5')), recipe)).rejects.toMatchObject({
      code: 'OUTSIDE_REFUSED',
    });
    expect(fake.asked).toHaveLength(1);
  });

  it('is not asked about where people chose it', async () => {
    const { at, gate } = await window();
    await gate.choose(at('elsewhere/data'));
    await gate.allow(donor(at('elsewhere/data/a.h5')), at('workspace/x'));
    expect(await gate.isAllowed({ path: at('elsewhere'), what: '' }, at('workspace/x'))).toBe(false);
    expect(fake.asked).toEqual([]);
  });
});

describe('what a plan names', () => {
  async function plan(at: Awaited<ReturnType<typeof window>>['at'], train: string, kind = 'images') {
    const file = at('workspace/digits.plan.json');
    const recipe = at('workspace/digits.surgery.json');
    await writeRecipe(recipe, {
      version: 1,
      operations: [{ op: 'warmStart', from: at('elsewhere/weights.h5') }],
      freeze: [],
    });
    await writePlan(file, {
      version: 1,
      ...{ model: at('elsewhere/digits.h5'), recipe, out: at('elsewhere/runs') },
      data: kind === 'images' ? { kind: 'images', train } : { kind: 'table', train },
      phases: [{ epochs: 1, optimizer: { kind: 'sgd', learningRate: 0.1 } }],
      loss: 'sparseCategoricalCrossentropy',
    });
    return file;
  }

  it('is asked about in one question, and then what its recipe takes from', async () => {
    const { at, gate } = await window();
    fake.answers.push('Read Them', 'Read It');
    await gate.allowPlan(await plan(at, at('elsewhere/data')));
    expect(fake.asked).toEqual([
      'digits.plan.json names 3 places outside of this workspace',
      'digits.surgery.json names a place outside of this workspace',
    ]);
    for (const name of ['digits.h5', 'data', 'runs'])
      expect(fake.details[0]).toContain(at('elsewhere', name));
    expect(fake.details[1]).toContain(at('elsewhere/weights.h5'));
  });

  it('is only what is used of it', async () => {
    const { at, gate } = await window();
    const file = await plan(at, at('workspace/data'));
    await gate.allowPlan(file, 'data');
    expect(fake.asked).toEqual([]);
    await expect(gate.allowPlan(file, 'model')).rejects.toThrow('digits.h5');
  });

  it('is also where links in its data lead', async () => {
    const { at, gate } = await window();
    await mkdir(at('workspace/data/cats'), { recursive: true });
    await mkdir(at('elsewhere/dogs'));
    await writeFile(at('elsewhere/secret.png'), '');
    await symlink(at('elsewhere/dogs'), at('workspace/data/dogs'));
    await symlink(at('elsewhere/secret.png'), at('workspace/data/cats/1.png'));
    await symlink('nowhere', at('workspace/data/cats/2.png'));
    const file = await plan(at, at('workspace/data'));
    await expect(gate.allowPlan(file, 'data')).rejects.toMatchObject({ code: 'OUTSIDE_REFUSED' });
    expect(fake.details[0]).toContain(`the training data: ${at('elsewhere')}\n`);
    expect(fake.details[0]).toContain(`the training data: ${at('elsewhere/dogs')}\n`);
  });

  it('is also where the rows of its table lead', async () => {
    const { at, gate } = await window();
    await writeFile(at('workspace/table.csv'), 'path,label\nimages/1.png,0\n../elsewhere/2.png,1\n');
    const file = await plan(at, at('workspace/table.csv'), 'table');
    await expect(gate.allowPlan(file, 'data')).rejects.toMatchObject({ path: at('elsewhere') });
  });

  it('is as one folder where it leads to very many, but never a whole disk', async () => {
    const { at } = await window();
    const leads = async (folder: (count: number) => string) => {
      const rows = Array.from({ length: 30 }, (_, count) => `${folder(count)}/image.png,0`);
      await writeFile(at('table.csv'), ['path,label', ...rows].join('\n'));
      const data = dataSchema.parse({ kind: 'table', train: at('table.csv') });
      return (await linkedData(data)).map(({ path: place }) => place);
    };
    expect(await leads((count) => at('elsewhere', `class${count}`))).toEqual([at('elsewhere')]);
    const { root } = path.parse(at());
    const apart = (count: number) => path.join(root, `disk${count}`, 'images');
    expect(await leads(apart)).toEqual(Array.from({ length: 30 }, (_, count) => apart(count)));
  });
});
