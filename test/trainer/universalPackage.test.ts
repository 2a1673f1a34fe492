import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run/events';
import { stage } from '../../scripts/packaging/stage.mjs';
import { UNIVERSAL } from '../../scripts/packaging/targets.mjs';
import { temporaryFolder } from '../support/temporary';
import { openWorkspace } from './workspace';

/** What a program printed; its stderr is in the error when it fails. */
function printed(entry: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const errors: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve(Buffer.concat(out).toString());
      else reject(new Error(`ended with ${String(code)}: ${Buffer.concat([...out, ...errors]).toString()}`));
    });
  });
}

/** Outside of the repository, so that nothing of its `node_modules` is found. */
it('trains on images on wasm from the universal package, without a native part', async () => {
  const folder = path.join(await temporaryFolder(), UNIVERSAL);
  await stage(UNIVERSAL, folder);
  const files = await readdir(folder, { recursive: true });
  expect(files.filter((file) => file.endsWith('.node'))).toEqual([]);

  const workspace = await openWorkspace();
  const plan = await workspace.plan({ engine: 'wasm' });
  const lines = (await printed(path.join(folder, 'dist/cli.js'), ['train', plan, '--json']))
    .trim()
    .split('\n');
  const events = lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as RunEvent);
  expect(events.find(({ type }) => type === 'start')).toMatchObject({
    engine: 'wasm',
    classes: ['plain', 'striped'],
  });
  expect(events.at(-1)).toMatchObject({ type: 'end', status: 'finished' });
});
