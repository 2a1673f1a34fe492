import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { DroppedImages } from '../../../src/host/judge/droppedImages';
import { LARGEST_DROPPED } from '../../../src/protocol/judging';
import { temporaryFolder } from '../../support/temporary';

const image = (name: string, text = name) => ({ name, bytes: Buffer.from(text) });
const page = {};

let images: DroppedImages;
let temporary: string;
beforeEach(async () => {
  images = new DroppedImages();
  temporary = await temporaryFolder();
  vi.stubEnv('TMPDIR', temporary);
  vi.stubEnv('TEMP', temporary);
  onTestFinished(() => {
    images.dispose();
    vi.unstubAllEnvs();
  });
});

test('are kept until their page shows others', async () => {
  const uri = 'file:///images/c.png';
  const first = await images.placesOf(page, [image('a.png'), image('../b.png'), { uri }]);
  expect(first.map((place) => path.basename(place))).toEqual(['0-a.png', '1-b.png', 'c.png']);
  expect(await Promise.all(first.slice(0, 2).map((place) => readFile(place, 'utf8')))).toEqual([
    'a.png',
    '../b.png',
  ]);
  const [other] = await images.placesOf({}, [image('a.png', 'on another page')]);
  const [second] = await images.placesOf(page, [image('a.png', 'again')]);
  expect(first.map((place) => existsSync(place))).toEqual([false, false, false]);
  expect(await readFile(second!, 'utf8')).toBe('again');
  await images.forget(page);
  expect(existsSync(second!)).toBe(false);
  expect(await readFile(other!, 'utf8')).toBe('on another page');
});

test('are gone when the window closes', async () => {
  await images.placesOf(page, [image('a.png')]);
  await images.placesOf({}, [image('a.png')]);
  expect(await readdir(temporary)).toHaveLength(2);
  images.dispose();
  expect(await readdir(temporary)).toEqual([]);
});

test.each([
  ['IMAGE_TOO_LARGE', { name: 'b.png', bytes: new Uint8Array(LARGEST_DROPPED + 1) }],
  ['IMAGE_ELSEWHERE', { uri: 'https://images.example/b.png' }],
])('are gone at once where one of them is refused: %s', async (code, refused) => {
  await expect(images.placesOf(page, [image('a.png'), refused])).rejects.toMatchObject({ code });
  expect(await readdir(temporary)).toEqual([]);
});
