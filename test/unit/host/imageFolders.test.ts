import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { classesOf, findImageFolder } from '../../../src/host/imageFolders';
import { repository } from '../../support/python';

let root: string;
beforeEach(() => (root = mkdtempSync(path.join(os.tmpdir(), 'image-folders-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(...files: readonly string[]): void {
  for (const file of files) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), '');
  }
}

describe('findImageFolder', () => {
  it('finds the sample’s digits beside the sample’s model', async () => {
    const samples = path.join(repository, 'samples');
    expect(await findImageFolder(samples)).toBe(path.join(samples, 'digits-5-9'));
  });

  it('takes the nearest folder with two classes that hold images', async () => {
    put(
      'one/only/a.png',
      'notes/x/a.txt',
      'notes/y/b.txt',
      'data/flowers/rose/1.JPG',
      'data/flowers/tulip/1.png',
    );
    expect(await findImageFolder(root)).toBe(path.join(root, 'data/flowers'));
  });

  it('looks neither into runs nor beyond its depth', async () => {
    put('runs/r/a/1.png', 'runs/r/b/1.png', 'a/b/c/d/e/1.png', 'a/b/c/d/f/1.png');
    expect(await findImageFolder(root)).toBeUndefined();
  });
});

describe('classesOf', () => {
  it('counts the images of each class, an empty class too', async () => {
    put('b/1.png', 'b/2.jpeg', 'b/readme.md', 'a/x.txt', '.hidden/1.png');
    expect(await classesOf(root)).toEqual([
      { name: 'a', images: 0 },
      { name: 'b', images: 2 },
    ]);
  });

  it('is empty where the folder cannot be read', async () => {
    expect(await classesOf(path.join(root, 'gone'))).toEqual([]);
  });
});
