import { describe, expect, it } from 'vitest';
import type { GalleryJob, GalleryJobState } from '../../src/protocol/gallery';
import { motions, outOfReach } from '../support/reach';
import { galleries, STORE, type Gallery } from './gallery/openGallery';

const open = galleries();

const row = ({ page }: Gallery, name: string) => page.locator(`[id="model-${name}"]`);
const names = ({ page }: Gallery) => page.locator('.model-name b').allInnerTexts();
const select = ({ page }: Gallery, label: string) => page.getByRole('combobox', { name: label });
const button = ({ page }: Gallery, name: string | RegExp) => page.getByRole('button', { name });
const chosen = ({ page }: Gallery) => page.locator('.model[aria-selected="true"] .model-name b').innerText();

/** Texts that have no room. */
const cutShort = ({ page }: Gallery) =>
  page.evaluate(() =>
    [...document.querySelectorAll('h1, h2, p, b, dd, small, .model > span, .segments span, .toggle')]
      .filter(
        ({ scrollWidth, clientWidth, classList }) =>
          scrollWidth > clientWidth + 1 && clientWidth > 1 && !classList.contains('visually-hidden'),
      )
      .map(({ textContent }) => textContent),
  );

const job = (state: GalleryJob['state'], changes: Partial<GalleryJob> = {}): GalleryJob => ({
  ...{ id: 1, name: 'ResNet50', target: 'resnet50.h5', random: false, state },
  ...changes,
});

describe('the gallery', () => {
  it.each(['dark', 'light', 'contrast'] as const)('is drawn for people of all eyes: %s', async (theme) => {
    const gallery = await open({ theme, width: 1400, height: 900 });
    const { page } = gallery;
    await row(gallery, 'VGG16').waitFor();
    await gallery.answer({ name: 'VGG16' });
    for (const width of [1400, 900, 400]) {
      await page.setViewportSize({ width, height: 900 });
      // The chart is drawn for its place.
      const free = () =>
        page.evaluate(() => {
          const chart = document.querySelector('.scatter svg');
          return (chart?.parentElement?.clientWidth ?? 0) - (chart?.clientWidth ?? 0);
        });
      await expect.poll(free).toBe(0);
      await gallery.screenshot(`gallery-${theme}-${width}`);
      if (width !== 900) expect(await gallery.accessibilityFindings()).toEqual([]);
      expect(await cutShort(gallery)).toEqual([]);
    }
  });

  it.each([
    ['zoomed', { width: 640, height: 400 }],
    ['contrast-light', { width: 1400, height: 900, theme: 'contrastLight' }],
  ] as const)('can be reached as a whole: %s', async (name, options) => {
    const gallery = await open(options);
    await row(gallery, 'VGG16').click();
    await gallery.answer({ name: 'VGG16' });
    await gallery.screenshot(`gallery-${name}`);
    expect(await gallery.accessibilityFindings()).toEqual([]);
    expect(await outOfReach(gallery.page)).toEqual([]);
    expect(await cutShort(gallery)).toEqual([]);
    expect(await motions(gallery.page)).toEqual([]);
  });

  it('has the families of each library apart, and the models of each together', async () => {
    const gallery = await open();
    await row(gallery, 'VGG16').waitFor();
    const groups = gallery.page.locator('.section');
    const said = await groups.evaluateAll((all) => all.map((group) => group.getAttribute('aria-label')));
    expect(said).toContain('ResNet, Keras');
    expect(said).toContain('ResNet, torchvision');
    expect(new Set(said).size).toBe(said.length);
    const libraries = said.map((text) => text?.split(', ').at(-1));
    expect(libraries.lastIndexOf('Keras')).toBeLessThan(libraries.indexOf('torchvision'));
    const spoken = await row(gallery, 'ResNet50').ariaSnapshot();
    expect(spoken).toContain(
      'ResNet50 downloaded Keras 25.6 M parameters 98 MB to download 224 × 224 pixels 74.9 % top-1 BGR − mean',
    );
  });

  it('is searched, filtered and sorted', async () => {
    const gallery = await open();
    const { page } = gallery;
    await row(gallery, 'VGG16').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('resnet keras');
    await expect.poll(() => names(gallery)).toContain('ResNet50V2');
    expect((await names(gallery)).every((name) => /resnet/i.test(name))).toBe(true);
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'torchvision' }).check();
    await select(gallery, 'Family').selectOption('DenseNet');
    await expect.poll(() => page.getByText(/^\d+ of \d+ models$/).innerText()).toMatch(/^[34] of 65/);
    await page.getByRole('radio', { name: 'All' }).check();
    await select(gallery, 'Size').selectOption({ label: 'Under 6 M' });
    await select(gallery, 'Sort').selectOption({ label: 'By accuracy' });
    await expect.poll(async () => (await names(gallery))[0]).toMatch(/efficientnet_?b0/i);
    await button(gallery, 'Downloaded (3)').click();
    expect(await names(gallery)).toEqual(['MobileNetV2']);
    await page.keyboard.press('/');
    await page.keyboard.type('nothing is like this');
    await page.getByRole('heading', { name: 'No model is like that' }).waitFor();
    await gallery.screenshot('gallery-empty');
    await button(gallery, 'Show all models').click();
    await expect.poll(async () => (await names(gallery)).length).toBe(65);
  });

  it('says that nothing is downloaded where nothing is', async () => {
    const gallery = await open({ cached: [] });
    await button(gallery, 'Downloaded (0)').click();
    await gallery.page.getByRole('heading', { name: 'Nothing is downloaded yet' }).waitFor();
    expect(await gallery.accessibilityFindings()).toEqual([]);
  });

  it('is walked with the keyboard, and opens what is chosen', async () => {
    const gallery = await open();
    const { page } = gallery;
    await row(gallery, 'VGG16').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    expect(await chosen(gallery)).toBe('VGG19');
    await page.keyboard.press('End');
    expect(await row(gallery, await chosen(gallery)).evaluate((one) => one === document.activeElement)).toBe(
      true,
    );
    await page.keyboard.press('Home');
    expect(await chosen(gallery)).toBe('VGG16');
    await page.keyboard.press('Enter');
    expect((await gallery.nextPost('open')).wish).toEqual({
      ...{
        name: 'VGG16',
        includeTop: false,
        pooling: null,
        inputSize: '224x224',
        classes: 1000,
        random: false,
      },
    });
  });

  it('is chosen from in the chart', async () => {
    const gallery = await open();
    const named = async () => (await gallery.page.locator('.point-name').textContent())?.split(' · ')[0];
    const before = await named();
    expect(before).toBe(await chosen(gallery));
    // What is under the pointer is drawn over the others, and is what a click is on.
    await gallery.page.locator('.scatter circle').nth(5).hover();
    await expect.poll(named).not.toBe(before);
    const pointed = await named();
    await gallery.page.mouse.down();
    await gallery.page.mouse.up();
    await expect.poll(() => chosen(gallery)).toBe(pointed);
    await button(gallery, 'Accuracy against parameters').click();
    expect(await gallery.page.locator('.scatter').count()).toBe(0);
  });

  it('opens modules from elsewhere', async () => {
    const gallery = await open({ width: 900 });
    await button(gallery, 'From a URL or folder…').click();
    expect(await gallery.nextPost('openModule')).toEqual({ type: 'openModule' });
  });

  it('remembers how it was looked at', async () => {
    const first = await open();
    await row(first, 'Xception').click();
    await select(first, 'Sort').selectOption({ label: 'By parameters' });
    await first.page.getByRole('radio', { name: 'Average' }).check();
    const remembered: unknown = await first.page.evaluate(
      () => (window as unknown as { remembered: unknown }).remembered,
    );
    const second = await open({ remembered });
    expect(await chosen(second)).toBe('Xception');
    expect(await select(second, 'Sort').inputValue()).toBe('parameters');
    expect(await second.page.getByRole('radio', { name: 'Average' }).isChecked()).toBe(true);
    const third = await open({
      remembered: { sort: 'gone', options: 7, search: { a: 1 }, selected: 'VGG99' },
    });
    expect(await chosen(third)).toBe('VGG16');
  });

  it('lets be what is no message of its host', async () => {
    const gallery = await open();
    await row(gallery, 'VGG16').waitFor();
    await gallery.send({ type: 'cached', cached: [7] } as never);
    await gallery.send({ type: 'jobs', jobs: [{ id: 1 }] } as never);
    await gallery.send({ type: 'constructor' } as never);
    await button(gallery, 'Downloaded (3)').waitFor();
    expect(await gallery.page.locator('.jobs').count()).toBe(0);
  });
});

describe('the details', () => {
  const outcome = ({ page }: Gallery) => page.locator('.outcome dd').allInnerTexts();

  it('say what the options come to, as they are chosen', async () => {
    const gallery = await open();
    const { page } = gallery;
    await row(gallery, 'ResNet50').click();
    await gallery.answer({ name: 'ResNet50' });
    await expect.poll(() => outcome(gallery)).toEqual(['7 × 7 × 2048', '23,587,712', '175']);
    await page.getByRole('radio', { name: 'Average' }).check();
    await gallery.answer({ pooling: 'avg' });
    await expect.poll(() => outcome(gallery)).toEqual(['2048', '23,587,712', '176']);
    await page.getByRole('radio', { name: 'With top', exact: true }).check();
    await page.getByRole('radio', { name: 'Random' }).check();
    await page.getByRole('textbox', { name: 'Classes' }).fill('10');
    await gallery.answer({ classes: 10 });
    await expect.poll(() => outcome(gallery)).toEqual(['10', '23,608,202', '177']);
    await page.getByText('nothing is downloaded').waitFor();
    await page.getByRole('textbox', { name: 'Input size' }).fill('8');
    await gallery.answer({ inputSize: '8' });
    await page.getByText('expected whole sizes from 32 × 32').waitFor();
    await gallery.screenshot('gallery-refused');
    expect(await gallery.accessibilityFindings()).toEqual([]);
    expect(await button(gallery, 'Open…').isDisabled()).toBe(true);
    await page.getByRole('textbox', { name: 'Input size' }).fill('96x128');
    await gallery.answer({ inputSize: '96x128' });
    await button(gallery, 'Open…').click();
    expect((await gallery.nextPost('open')).wish).toMatchObject({
      ...{ name: 'ResNet50', includeTop: true, inputSize: '96x128', classes: 10, random: true },
    });
  });

  it('lie over the list where there is no room beside it', async () => {
    const gallery = await open({ width: 400, height: 800 });
    await row(gallery, 'DenseNet121').click();
    await gallery.answer({ name: 'DenseNet121' });
    await button(gallery, 'Download and open…').waitFor();
    await gallery.screenshot('gallery-details-400');
    expect(await gallery.accessibilityFindings()).toEqual([]);
    await button(gallery, 'Back to the list').click();
    await expect
      .poll(() => row(gallery, 'DenseNet121').evaluate((one) => one === document.activeElement))
      .toBe(true);
  });
});

describe('a download', () => {
  const offline: GalleryJobState = {
    ...{ kind: 'failed', code: 'ZOO_OFFLINE' },
    message:
      'VGG16: https://storage.googleapis.com/vgg16.h5: the name of the server is not found (ENOTFOUND); cached are ResNet50 in /cache/zoo; name a mirror that can be reached, or begin with random weights',
  };

  it('says how far it is, whether the server says how much there is or not', async () => {
    const gallery = await open();
    const { page } = gallery;
    const bar = page.getByRole('progressbar');
    await gallery.send({
      type: 'jobs',
      jobs: [
        job({ kind: 'downloading', bytes: 36 * 1024 ** 2, whole: 98 * 1024 ** 2 }),
        job(
          { kind: 'downloading', bytes: 12 * 1024 ** 2, whole: null },
          { id: 2, name: 'VGG16', target: 'v.h5' },
        ),
        job({ kind: 'stopped' }, { id: 3, name: 'Xception' }),
      ],
    });
    expect(await bar.first().getAttribute('aria-valuenow')).toBe('37');
    await page.getByText('36.00 MB of 98.00 MB').waitFor();
    await page.getByText('12.00 MB so far').waitFor();
    expect(await bar.nth(1).getAttribute('aria-valuenow')).toBeNull();
    await gallery.screenshot('gallery-downloading');
    expect(await gallery.accessibilityFindings()).toEqual([]);
    await button(gallery, 'Cancel').first().click();
    await button(gallery, 'Resume').click();
    await button(gallery, 'Dismiss Xception').click();
    expect(await gallery.postsOf('stop')).toEqual([{ type: 'stop', id: 1 }]);
    expect(await gallery.postsOf('again')).toEqual([{ type: 'again', id: 3 }]);
    expect(await gallery.postsOf('dismiss')).toEqual([{ type: 'dismiss', id: 3 }]);
    await gallery.send({ type: 'jobs', jobs: [job({ kind: 'writing', share: 0.5 })] });
    expect(await bar.getAttribute('aria-valuetext')).toBe('writing the model');
  });

  it.each(['dark', 'light', 'contrast'] as const)(
    'says what can be done where it failed: %s',
    async (theme) => {
      const gallery = await open({ theme, width: 900, height: 900 });
      const hash =
        'VGG19: https://example.org/vgg19.h5: found a file of md5 0123, expected 4567; it is damaged or another one, and was not used';
      await gallery.send({
        type: 'jobs',
        jobs: [
          job(offline, { name: 'VGG16' }),
          job({ kind: 'failed', code: 'ZOO_INTEGRITY', message: hash }, { id: 2, name: 'VGG19' }),
        ],
      });
      await gallery.page.getByText('VGG16: No way to the server').waitFor();
      await gallery.screenshot('gallery-failed');
      expect(await gallery.accessibilityFindings()).toEqual([]);
      await button(gallery, 'Set a mirror…').first().click();
      await button(gallery, 'Proxy settings…').click();
      expect(await gallery.postsOf('settings')).toEqual([
        { type: 'settings', of: 'mirror' },
        { type: 'settings', of: 'proxy' },
      ]);
      await button(gallery, 'Try again').nth(1).click();
      expect(await gallery.postsOf('again')).toEqual([{ type: 'again', id: 2 }]);
      await button(gallery, 'Show downloaded models').click();
      await expect.poll(() => names(gallery)).toEqual(expect.arrayContaining(['ResNet50', 'MobileNetV2']));
    },
  );

  it('says at once that there is no network, and offers what is here', async () => {
    const gallery = await open({ width: 900 });
    await row(gallery, 'VGG16').waitFor();
    await gallery.page.context().setOffline(true);
    await gallery.page.getByText('This computer is offline. 3 models are downloaded').waitFor();
    await gallery.screenshot('gallery-offline');
    expect(await gallery.accessibilityFindings()).toEqual([]);
    await button(gallery, 'Show downloaded models').click();
    await expect.poll(() => names(gallery)).toHaveLength(3);
    await gallery.page.context().setOffline(false);
    await gallery.page.getByText('This computer is offline').waitFor({ state: 'hidden' });
  });

  it('is off where the workspace is not trusted', async () => {
    const gallery = await open({ width: 900, store: { ...STORE, trusted: false } });
    await gallery.answer({ name: 'VGG16' });
    expect(await button(gallery, 'Download and open…').isDisabled()).toBe(true);
    await gallery.page.getByRole('radio', { name: 'Random' }).check();
    await gallery.answer({ random: true });
    await expect.poll(() => button(gallery, 'Open…').isDisabled()).toBe(false);
    await button(gallery, 'Trust this workspace…').click();
    await gallery.nextPost('trust');
    await gallery.screenshot('gallery-untrusted');
    expect(await gallery.accessibilityFindings()).toEqual([]);
  });
});
