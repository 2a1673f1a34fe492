import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../../support/temporary';
import { Originals } from '../../vscode/support/originals';

test('the check of the VS Code tests names the model files whose bytes changed, or that are gone', async () => {
  const workspace = await temporaryFolder();
  const write = (file: string, text: string) => writeFileSync(path.join(workspace, file), text);
  mkdirSync(path.join(workspace, 'tfjs'));
  const files = ['a.h5', 'b.onnx', 'tfjs/model.json', 'tfjs/group1-shard1of1.bin', 'mine.h5', 'a.plan.json'];
  for (const file of files) write(file, 'as it was');
  const originals = new Originals(workspace, ['mine.h5']);
  for (const file of ['mine.h5', 'a.plan.json', 'new.h5', 'a.h5']) write(file, 'as it was');
  write('mine.h5', 'of the test');
  write('a.plan.json', 'saved');
  originals.expectUnchanged();
  write('tfjs/group1-shard1of1.bin', 'as it Was');
  rmSync(path.join(workspace, 'a.h5'));
  expect(() => originals.expectUnchanged()).toThrow(/a\.h5[^]*tfjs\/group1-shard1of1\.bin/);
  expect(() => new Originals(workspace, ['typing-error.h5'])).toThrow();
});
