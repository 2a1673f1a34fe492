import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { galleryMessages } from '../../../../src/host/pageMessages/galleryMessages';
import { readMessage } from '../../../../src/host/pageMessages/readMessage';
import { galleryModels, resultOf, wishOf } from '../../../../src/host/zoo/galleryModels';
import type { GalleryWish } from '../../../../src/protocol/gallery';
import { zooEntries } from '../../../../src/zoo/registry';
import { publishedFor } from '../../../../src/zoo/zooModel';
import { temporaryFolder } from '../../../support/temporary';

const wish = (changes: Partial<GalleryWish> = {}): GalleryWish => ({
  ...{ name: 'ResNet50', includeTop: false, pooling: null, inputSize: '224', classes: 1000, random: false },
  ...changes,
});

describe('the models of the gallery', () => {
  it('are all of the zoo, each with the year of its paper', () => {
    const models = galleryModels();
    expect(models.map(({ name }) => name)).toEqual(zooEntries().map(({ name }) => name));
    expect(models.filter(({ year }) => year === null)).toEqual([]);
    expect(models.find(({ name }) => name === 'VGG16')).toMatchObject({
      ...{ family: 'VGG', library: 'keras', year: 2014, parameters: 138_357_544, preprocess: 'caffe' },
    });
  });
});

describe('a wish of the gallery', () => {
  it('comes to a shape, a count and a file', async () => {
    const folder = await temporaryFolder();
    expect(await resultOf(wishOf(wish()), folder)).toEqual({
      output: [null, 7, 7, 2048],
      parameters: 23_587_712,
      layers: 175,
      file: { bytes: 4 * 23_587_712, cached: false, begun: 0 },
    });
    const random = wish({ includeTop: true, random: true, classes: 10, inputSize: '96x128' });
    expect(await resultOf(wishOf(random), folder)).toMatchObject({ output: [null, 10], file: null });
  });

  it('knows what of its file is here', async () => {
    const folder = await temporaryFolder();
    const file = path.join(folder, publishedFor(wishOf(wish()))?.file ?? '');
    mkdirSync(`${file}.part`);
    writeFileSync(path.join(`${file}.part`, 'bytes'), 'half');
    const fileOf = async () => (await resultOf(wishOf(wish()), folder)).file;
    expect(await fileOf()).toMatchObject({ cached: false, begun: 4 });
    writeFileSync(file, 'whole');
    expect(await fileOf()).toMatchObject({ cached: true });
  });

  it('of a file with the top that is left unread costs the whole file', async () => {
    const torch = zooEntries().find(({ source, family }) => source === 'torchvision' && family === 'VGG');
    const result = await resultOf(wishOf(wish({ name: torch?.name ?? '' })), await temporaryFolder());
    expect(result.file?.bytes).toBe(4 * (torch?.parameters ?? 0));
    expect(result.parameters).toBeLessThan((torch?.parameters ?? 0) / 5);
  });

  it.each([
    [{ name: 'VGG99' }, 'ZOO_UNKNOWN'],
    [{ inputSize: 'wide' }, 'ZOO_INPUT_SIZE'],
    [{ inputSize: '8' }, 'ZOO_INPUT_SIZE'],
    [{ includeTop: true, random: true, classes: 0.5 }, 'ZOO_CLASSES'],
  ] as const)('is refused in words where it is %o', async (changes, code) => {
    const result = async () => resultOf(wishOf(wish(changes)), await temporaryFolder());
    await expect(result()).rejects.toMatchObject({ code });
  });
});

describe('a message of the gallery', () => {
  const read = (message: unknown) => () => readMessage(galleryMessages, message);

  it('is believed where it is one', () => {
    const message = { type: 'open', wish: wish() };
    expect(read(message)()).toBe(message);
  });

  it.each([
    { type: 'open', wish: { ...wish(), pooling: 'sum' } },
    { type: 'open', wish: { ...wish(), target: '/etc/passwd' } },
    { type: 'stop', id: -1 },
    { type: 'settings', of: 'security.workspace.trust.enabled' },
    { type: 'constructor' },
    null,
  ])('is refused where it is none: %o', (message) => {
    expect(read(message)).toThrow(expect.objectContaining({ code: 'MESSAGE_INVALID' }));
  });
});
