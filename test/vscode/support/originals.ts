import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { isModelPath } from '../../../src/host/modelPaths';

/** What a model has its numbers in, beside the file that is opened. */
const WEIGHTS = /\.(bin|data|npy)$|\.data-\d+-of-\d+$/;

/** The model files that a workspace begins with, by their bytes: whatever people do, ours writes to none of them. */
export class Originals {
  private readonly hashes: ReadonlyMap<string, string>;

  /** @param replaced those that the test itself writes to, relative to the workspace */
  constructor(
    private readonly workspace: string,
    replaced: readonly string[] = [],
  ) {
    const files = readdirSync(workspace, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.relative(workspace, path.join(entry.parentPath, entry.name)))
      .filter((file) => isModelPath(file.split(path.sep).join('/')) || WEIGHTS.test(file));
    for (const file of replaced) expect(files, 'a test names what it replaces').toContain(file);
    const kept = files.filter((file) => !replaced.includes(file));
    this.hashes = new Map(kept.map((file) => [file, this.hashOf(file)]));
  }

  /** Fails with the names of those whose bytes are others now, or that are gone. */
  expectUnchanged(): void {
    const changed = [...this.hashes]
      .filter(([file, hash]) => this.hashOf(file) !== hash)
      .map(([file]) => file);
    expect(changed, 'model files whose bytes changed').toEqual([]);
  }

  private hashOf(file: string): string {
    const there = path.join(this.workspace, file);
    return existsSync(there) ? createHash('sha256').update(readFileSync(there)).digest('hex') : 'gone';
  }
}
