import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../src/core/run/judgement';
import type { JudgingToPage } from '../../../src/protocol/judging';
import { motions, outOfReach } from '../../support/reach';
import type { OpenOptions } from '../support/browser';
import { judgementOf, pictureOf } from './judgedRun';
import { panels, type Panel } from './openPanel';
import { runView, trainingEvents } from './trainingRun';

const openOn = panels();
const ID = '/runs/3';
const TAB = { width: 1280, height: 800 } as const;
const DIGITS = ['5', '6', '7', '8', '9'];

async function openJudge(options: OpenOptions = TAB): Promise<Panel> {
  const events = trainingEvents({ epochs: 4, stepsPerEpoch: 10, epochsDone: 4, until: Date.now() });
  const panel = await openOn(runView({ id: ID, status: 'finished' }), events, options);
  await panel.page.getByRole('tab', { name: 'Judge' }).click();
  await panel.nextPost('lookAtJudgement');
  return panel;
}

async function openJudged(judgement: Judgement, options: OpenOptions = TAB): Promise<Panel> {
  const panel = await openJudge(options);
  await panel.send({ type: 'judged', id: ID, judgement });
  await panel.page.locator('.judged').waitFor();
  return panel;
}

/** Sends the pictures that the page asks for, until every one in sight is there. */
async function sendPictures(panel: Panel): Promise<void> {
  const answered = new Set<string>();
  await expect
    .poll(async () => {
      for (const { wanted } of await panel.postsOf('pictures')) {
        const pictures = wanted.filter(({ of, side }) => !answered.has(`${side} ${of}`));
        if (pictures.length === 0) continue;
        for (const { of, side } of pictures) answered.add(`${side} ${of}`);
        await panel.send({
          type: 'pictures',
          id: ID,
          pictures: pictures.map((each) => ({ ...each, png: pictureOf(Number(each.of) || 1) })),
        });
      }
      return panel.page.locator('.judge-body').evaluate((body) => {
        const { top, bottom } = body.getBoundingClientRect();
        return [...body.querySelectorAll('.sample-waiting')].filter((waiting) => {
          const place = waiting.getBoundingClientRect();
          return place.top > top && place.bottom < bottom;
        }).length;
      });
    })
    .toBe(0);
}

const say = (panel: Panel, message: JudgingToPage) => panel.send(message);
const button = (panel: Panel, name: string | RegExp) => panel.page.getByRole('button', { name });
const cell = (panel: Panel, name: RegExp) => panel.page.getByRole('gridcell', { name });

describe('a run is judged', () => {
  it.each([
    ['zoomed', { width: 640, height: 400 }],
    ['contrast-light', { ...TAB, theme: 'contrastLight' }],
  ] as const)('where all of it can be reached: %s', async (name, options) => {
    const panel = await openJudged(judgementOf(DIGITS, 60), options);
    await panel.page.getByRole('heading', { name: 'Most confidently wrong' }).waitFor();
    await sendPictures(panel);
    await panel.screenshot(`judge-${name}`);
    expect(await panel.accessibilityFindings()).toEqual([]);
    await panel.page
      .locator('.judged [aria-label^="5 taken for 6"], .judged [title^="5 taken for 6"]')
      .first()
      .click();
    await panel.page.locator('.sample-grid button').first().click();
    await panel.page.getByRole('region', { name: 'A sample of 5' }).waitFor();
    await sendPictures(panel);
    await panel.screenshot(`judge-detail-${name}`);
    expect(await panel.accessibilityFindings()).toEqual([]);
    expect(await outOfReach(panel.page)).toEqual([]);
    expect(await motions(panel.page)).toEqual([]);
  });

  it.each(['dark', 'light', 'contrast'] as const)(
    'with a matrix, whose cells show their images: %s',
    async (theme) => {
      const panel = await openJudged(judgementOf(DIGITS, 60), { ...TAB, theme });
      await panel.page.getByRole('heading', { name: 'Most confidently wrong' }).waitFor();
      await sendPictures(panel);
      await panel.screenshot(`judge-${theme}`);
      expect(await panel.accessibilityFindings()).toEqual([]);
      const wrong = cell(panel, /^5 taken for 6: \d+ of 60/);
      const count = Number(/: (\d+) of/.exec((await wrong.getAttribute('title')) ?? '')?.[1]);
      await wrong.click();
      await panel.page.getByRole('heading', { name: '5 taken for 6' }).waitFor();
      expect(await panel.page.locator('.sample-grid li').count()).toBe(count);
      expect(await wrong.getAttribute('aria-selected')).toBe('true');
      await panel.page.locator('.sample-grid button').first().click();
      const detail = panel.page.getByRole('region', { name: 'A sample of 5' });
      await detail.getByText(`1 of ${count}`).waitFor();
      await sendPictures(panel);
      await panel.page.keyboard.press('ArrowRight');
      await detail.getByText(`2 of ${count}`).waitFor();
      await sendPictures(panel);
      expect(await detail.locator('[data-true]').innerText()).toContain('5');
      expect(await detail.locator('.top-bars li').count()).toBe(5);
      await panel.screenshot(`judge-detail-${theme}`);
      await panel.page.keyboard.press('Escape');
      await button(panel, 'Show the most confidently wrong').click();
      await panel.page.getByRole('heading', { name: 'Most confidently wrong' }).waitFor();
    },
  );

  it('by keyboard: arrows go through the cells, Enter shows one’s images', async () => {
    const panel = await openJudged(judgementOf(DIGITS, 60));
    await cell(panel, /^5 recognised/).focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('End');
    await panel.page.keyboard.press('ArrowUp');
    expect(await panel.page.locator(':focus').getAttribute('title')).toMatch(/^5 taken for 9/);
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('ArrowLeft');
    await panel.page.keyboard.press('Enter');
    await panel.page.getByRole('heading', { name: '6 taken for 8' }).waitFor();
  });

  it('asks for no picture that is not on screen, and says what is none', async () => {
    const panel = await openJudged(judgementOf(DIGITS, 400, 0.5), { width: 1000, height: 400 });
    const { wanted } = await panel.nextPost('pictures');
    expect(wanted.length).toBeGreaterThan(0);
    expect(wanted.length).toBeLessThan(40);
    const pictures = wanted.map((each) => ({ ...each, png: null, why: 'found samples of shape (None, 20)' }));
    await say(panel, { type: 'pictures', id: ID, pictures });
    await panel.page
      .getByRole('img', { name: /found samples of shape \(None, 20\)/ })
      .first()
      .waitFor();
    expect(await button(panel, /^Show 60 More of/).count()).toBe(1);
  });

  it('with classes in numbers, sorted by any of them', async () => {
    const panel = await openJudged(judgementOf(DIGITS, 60));
    const table = panel.page.getByRole('region', { name: 'Classes' });
    const column = async (place: number) => table.locator(`tbody tr > :nth-child(${place})`).allInnerTexts();
    await table.getByRole('button', { name: 'Recall' }).click();
    const recalls = (await column(4)).map(parseFloat);
    expect(recalls).toHaveLength(5);
    expect(recalls).toEqual(recalls.toSorted((a, b) => a - b));
    await table.getByRole('button', { name: 'Recall' }).click();
    expect((await column(4)).map(parseFloat)).toEqual(recalls.toReversed());
    expect(await column(2)).toEqual(['60', '60', '60', '60', '60']);
  });

  it('with a hundred classes, in which one still finds what is worst', async () => {
    const names = Array.from({ length: 100 }, (_, label) => `species ${label}`);
    const panel = await openJudged(judgementOf(names, 20));
    const [worst] = await panel.page
      .getByRole('group', { name: 'Most frequent mistakes' })
      .getByRole('button')
      .all();
    await worst?.click();
    await panel.page.getByRole('heading', { name: 'species 27 taken for species 30' }).waitFor();
    await sendPictures(panel);
    await panel.screenshot('judge-100-classes');
    expect(await panel.accessibilityFindings()).toEqual([]);
  });

  it.each([360, 1400])('fits %i pixels', async (width) => {
    const panel = await openJudged(judgementOf(DIGITS, 60), { width, height: 900 });
    await panel.page.locator('.sample-grid li').last().scrollIntoViewIfNeeded();
    await sendPictures(panel);
    await panel.page.locator('.judge-body').evaluate((body) => body.scrollTo(0, 0));
    await panel.screenshot(`judge-${width}`);
    const { scrollWidth, clientWidth } = await panel.page
      .locator('.judge-body')
      .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }));
    expect(scrollWidth).toBe(clientWidth);
  });
});

describe('a run that is not judged', () => {
  it('is judged when asked to, with progress that can be cancelled', async () => {
    const panel = await openJudge();
    await say(panel, { type: 'notJudged', id: ID, reason: 'notYet' });
    await panel.screenshot('judge-not-yet');
    await button(panel, 'Judge This Run').click();
    await panel.nextPost('judge');
    await say(panel, { type: 'judging', id: ID, done: 128, samples: 300 });
    await panel.page.getByText('128 of 300 held-out samples').waitFor();
    await panel.screenshot('judge-going');
    await button(panel, 'Cancel').click();
    expect(await panel.postsOf('cancelJudging')).toEqual([{ type: 'cancelJudging', id: ID }]);
    await say(panel, { type: 'notJudged', id: ID, reason: 'notYet' });
    await button(panel, 'Judge This Run').waitFor();
  });

  it.each([
    [{ type: 'notJudged', id: ID, reason: 'noModel' }, 'has no model yet'],
    [
      { type: 'notJudged', id: ID, reason: { code: 'DATA_EMPTY', message: 'plan.json: found no data' } },
      'This run held nothing out',
    ],
    [
      {
        type: 'notJudged',
        id: ID,
        reason: { code: 'DATA_FOLDER', message: '/data/digits: nothing readable there' },
      },
      '/data/digits: nothing readable there',
    ],
    [
      { type: 'judged', id: ID, judgement: { ...judgementOf(DIGITS, 1), answers: { kind: 'values' } } },
      'This model answers with values',
    ],
  ] as const)('says why: %#', async (message: JudgingToPage, words: string) => {
    const panel = await openJudge();
    await say(panel, message);
    await panel.page.getByText(words).waitFor();
    expect(await panel.accessibilityFindings()).toEqual([]);
  });

  it('hears nothing of other runs', async () => {
    const panel = await openJudge();
    await say(panel, { type: 'notJudged', id: ID, reason: 'notYet' });
    await button(panel, 'Judge This Run').waitFor();
    await say(panel, { type: 'judged', id: '/runs/other', judgement: judgementOf(DIGITS, 2) });
    // What is said of this run later is heard after it.
    await say(panel, { type: 'predicting', id: ID, images: 2 });
    await panel.page.getByText('Predicting 2 images').waitFor();
    expect(await panel.page.getByText('10 held-out samples').count()).toBe(0);
    expect(await button(panel, 'Judge This Run').count()).toBe(1);
    await say(panel, { type: 'judged', id: ID, judgement: judgementOf(DIGITS, 60) });
    await panel.page.getByRole('region', { name: 'Classes' }).waitFor();
    await say(panel, { type: 'notJudged', id: '/runs/other', reason: 'noModel' });
    await say(panel, { type: 'notPredicted', id: ID });
    await panel.page.getByText('Predicting 2 images').waitFor({ state: 'detached' });
    expect(await panel.page.getByRole('region', { name: 'Classes' }).count()).toBe(1);
  });
});

describe('images of one’s own', () => {
  const TOP = [
    { label: '8', score: 0.912 },
    { label: '9', score: 0.06 },
    { label: '6', score: 0.028 },
  ];

  it('are chosen, and shown beside what the model makes of them', async () => {
    const panel = await openJudge();
    await say(panel, { type: 'notJudged', id: ID, reason: 'notYet' });
    await button(panel, 'Choose Images').click();
    expect(await panel.nextPost('predictImages')).toEqual({ type: 'predictImages', id: ID, from: 'files' });
    await say(panel, { type: 'predicting', id: ID, images: 2 });
    await panel.page.getByText('Predicting 2 images').waitFor();
    const images = ['eight.png', 'nine.png'].map((name) => ({ file: `/tmp/${name}`, name, top: TOP }));
    await say(panel, { type: 'predictedImages', id: ID, images, left: 3 });
    await sendPictures(panel);
    await panel.page.getByText('91.2%').first().waitFor();
    await panel.page.getByText('3 more were left out.').waitFor();
    await panel.screenshot('judge-predictions');
    expect(await panel.accessibilityFindings()).toEqual([]);
    await button(panel, 'Put the predictions away').click();
    expect(await panel.page.locator('.predictions').count()).toBe(0);
  });

  it('are dropped: those with a place by it, others by what they hold', async () => {
    const panel = await openJudge();
    await say(panel, { type: 'notJudged', id: ID, reason: 'notYet' });
    const drop = (uris: string, files: readonly string[]) =>
      panel.page.locator('.judge').evaluate(
        (element, [list, names]) => {
          const dataTransfer = new DataTransfer();
          if (list !== '') dataTransfer.setData('text/uri-list', list);
          for (const name of names)
            dataTransfer.items.add(new File([new Uint8Array([1, 2, 3])], name, { type: 'image/png' }));
          element.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        },
        [uris, files] as const,
      );
    await drop('file:///data/a.png\r\nfile:///data/b.png', []);
    expect(await panel.nextPost('predictImages')).toMatchObject({
      from: { dropped: [{ uri: 'file:///data/a.png' }, { uri: 'file:///data/b.png' }] },
    });
    const after = (await panel.posts()).length;
    await drop('', ['c.png']);
    expect(await panel.nextPost('predictImages', after)).toMatchObject({
      from: { dropped: [{ name: 'c.png' }] },
    });
    await drop('', []);
    await panel.page.getByText('found no image in it').waitFor();
  });
});
