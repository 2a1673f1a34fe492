import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportModel } from '../../../src/formats/exportModel';
import type { FormatName } from '../../../src/formats/format';
import { openOperated } from '../../../src/formats/operatedModel';
import { fixture, temporaryFolder } from './fixtures';

describe('an export that is stopped', () => {
  it.each<[FormatName, string]>([
    ['h5', 'new.h5'],
    ['keras', 'new.keras'],
    ['tfjs', 'new'],
    ['safetensors', 'new.safetensors'],
    ['onnx', 'new.onnx'],
  ])('to %s leaves nothing, though nothing it reads makes it wait', async (format, name) => {
    const folder = await temporaryFolder();
    const model = await openOperated(fixture('keras3/sequential.h5'));
    const stop = new AbortController();
    const shares: number[] = [];
    const writing = exportModel(model, path.join(folder, name), format, {
      signal: stop.signal,
      // As VS Code does: in a message of its own, heard only between two pieces of work.
      onProgress: (share) => {
        shares.push(share);
        setImmediate(() => stop.abort());
      },
    });
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect(shares.at(-1)).toBeLessThan(1);
    expect(await readdir(folder)).toEqual([]);
  });
});
