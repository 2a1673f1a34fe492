import { describe, expect, it } from 'vitest';
import { galleryModels } from '../../../../src/host/zoo/galleryModels';
import { isHostToGallery } from '../../../../webview/gallery/hostMessages';
import { FIRST_LOOK, lookAt, lookOf, wishFor, type Look } from '../../../../webview/gallery/look';
import { filtered, sectionsOf } from '../../../../webview/gallery/sections';
import { troubleOf } from '../../../../webview/gallery/trouble';

const models = galleryModels();
const cached = new Set(['VGG16']);
const show = (look: Partial<Look>) =>
  filtered(models, cached, { ...FIRST_LOOK, ...look }).map(({ name }) => name);

describe('the sections of the gallery', () => {
  it('hold every model once; no family has models of two libraries', () => {
    const sections = sectionsOf(models, 'family');
    expect(sections.flatMap((section) => section.models).toSorted(byName)).toEqual(models.toSorted(byName));
    for (const { library, family, models: own } of sections) {
      expect(own.every((model) => model.library === library && model.family === family)).toBe(true);
    }
    expect(sections.filter(({ family }) => family === 'ResNet').map(({ library }) => library)).toEqual([
      'keras',
      'torchvision',
    ]);
  });

  it('are one where another order is asked for', () => {
    const [first, ...others] = sectionsOf(models, 'top1');
    expect(others).toEqual([]);
    const top1 = first?.models.map((model) => model.top1 ?? -1) ?? [];
    expect(top1).toEqual(top1.toSorted((a, b) => b - a));
    expect(sectionsOf([], 'top1')).toEqual([]);
  });

  const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
});

describe('the filters of the gallery', () => {
  it('look for every word in what a row says', () => {
    expect(show({ search: 'RESNET keras v2' })).toEqual(
      expect.arrayContaining(['ResNet50V2', 'ResNet101V2', 'ResNet152V2']),
    );
    expect(show({ search: 'resnet caffe' })).not.toContain('ResNet50V2');
    expect(show({ search: 'no such thing' })).toEqual([]);
  });

  it('go together', () => {
    expect(show({ cachedOnly: true })).toEqual(['VGG16']);
    expect(show({ cachedOnly: true, library: 'torchvision' })).toEqual([]);
    expect(show({ family: 'VGG', library: 'keras', size: 'large' })).toEqual(['VGG16', 'VGG19']);
    expect(show({ family: 'VGG', size: 'tiny' })).toEqual([]);
  });
});

describe('what the gallery remembers', () => {
  it('is taken as far as it has a meaning', () => {
    const look: Look = { ...FIRST_LOOK, sort: 'top1', selected: 'VGG16' };
    expect(lookOf(look)).toEqual(look);
    expect(lookOf({ sort: 'toString', library: 7, options: null } as never)).toEqual(FIRST_LOOK);
  });

  it('forgets the input size with the model that it is of', () => {
    const look = { ...FIRST_LOOK, selected: 'VGG16', options: { ...FIRST_LOOK.options, inputSize: '96' } };
    expect(lookAt(look, 'VGG16').options.inputSize).toBe('96');
    expect(lookAt(look, 'VGG19').options.inputSize).toBe('');
    const inception = models.find(({ name }) => name === 'InceptionV3');
    expect(inception && wishFor(inception, FIRST_LOOK.options).inputSize).toBe('299x299');
  });
});

describe('what the host tells', () => {
  it('is believed where it is a message', () => {
    const store = { folder: '/zoo', mirror: null, trusted: true };
    expect(isHostToGallery({ type: 'gallery', protocol: 1, models, cached: [], store, jobs: [] })).toBe(true);
    const result = { output: [null, 7, 7, 512], parameters: 1, layers: 1, file: null };
    expect(isHostToGallery({ type: 'described', request: 1, result })).toBe(true);
    expect(isHostToGallery({ type: 'described', request: 1, result: { ...result, output: ['7'] } })).toBe(
      false,
    );
    expect(isHostToGallery({ type: 'jobs', jobs: [{ id: 1, state: { kind: 'gone' } }] })).toBe(false);
    expect(isHostToGallery({ type: 'toString' })).toBe(false);
    expect(isHostToGallery('jobs')).toBe(false);
  });
});

describe('trouble', () => {
  it.each([
    ['ZOO_OFFLINE', 'no way', 'showCached'],
    ['ZOO_INTEGRITY', 'another file', 'again'],
    ['ZOO_DOWNLOAD', 'the connection ended', 'again'],
    ['ZOO_DOWNLOAD', 'the proxy answered 407 Proxy Authentication Required', 'proxy'],
    ['PROXY_ADDRESS', 'no address', 'proxy'],
    ['URL_INSECURE', 'http', 'mirror'],
    ['ZOO_OFF', 'not trusted', 'trust'],
    ['UNEXPECTED', 'what', 'log'],
  ] as const)('%s (%s) has something to be done', (code, message, action) => {
    expect(troubleOf({ code, message }).actions).toContain(action);
  });
});
