import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { asFailure } from '../../../src/host/asFailure';
import { galleryModels, resultOf, wishOf } from '../../../src/host/zoo/galleryModels';
import type { GalleryStore, GalleryToHost, GalleryWish, HostToGallery } from '../../../src/protocol/gallery';
import { launchWebviews, type OpenOptions, type Webview, type WebviewBrowser } from '../support/browser';

export type Gallery = Webview<HostToGallery, GalleryToHost> & {
  /** Answers the newest question from the zoo, as the host does, once it is about what is said here. */
  readonly answer: (about: Partial<GalleryWish>) => Promise<void>;
};

export const STORE: GalleryStore = { folder: '/cache/zoo', mirror: null, trusted: true };
const OF_TORCHVISION = galleryModels().find(({ library }) => library === 'torchvision')?.name ?? '';
export const CACHED = ['ResNet50', 'MobileNetV2', OF_TORCHVISION];

export interface GalleryOptions extends OpenOptions {
  readonly cached?: readonly string[];
  readonly store?: GalleryStore;
}

/** Galleries of the real zoo for the tests of a file; each must end without a complaint of the browser. */
export function galleries(): (options?: GalleryOptions) => Promise<Gallery> {
  let browser: WebviewBrowser;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gallery-'));
  const opened: Gallery[] = [];
  beforeAll(async () => {
    browser = await launchWebviews();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    for (const gallery of opened.splice(0)) {
      expect(await gallery.complaints()).toEqual([]);
      await gallery.close();
    }
  });
  return async ({ cached = CACHED, store = STORE, ...options } = {}) => {
    const page = await browser.open<HostToGallery, GalleryToHost>('gallery', options);
    const answer = async (about: Partial<GalleryWish>) => {
      const newest = async () => (await page.postsOf('describe')).at(-1);
      await expect.poll(async () => (await newest())?.wish).toMatchObject(about);
      const question = await newest();
      if (question) await page.send(await answerTo(question, folder));
    };
    const gallery = { ...page, answer };
    opened.push(gallery);
    await page.nextPost('ready');
    await page.send({ type: 'gallery', protocol: 1, models: galleryModels(), cached, store, jobs: [] });
    return gallery;
  };
}

async function answerTo(
  { request, wish }: Extract<GalleryToHost, { readonly type: 'describe' }>,
  folder: string,
): Promise<HostToGallery> {
  try {
    return { type: 'described', request, result: await resultOf(wishOf(wish), folder) };
  } catch (error) {
    const { code, message } = asFailure(error);
    return { type: 'refused', request, problem: { code, message } };
  }
}
