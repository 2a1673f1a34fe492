import '../support/speakKorean';
import { afterEach, beforeEach, expect, test } from 'vitest';
import path from 'node:path';
import { EMPTY_RECIPE } from '../../src/core/surgery/recipe';
import { galleryModels } from '../../src/host/zoo/galleryModels';
import type { EditorCommand } from '../../src/protocol/editor';
import { kindViews } from '../../src/protocol/kindViews';
import { cutShort, englishIn, saidOn } from '../support/saidOnPage';
import { galleries } from './gallery/openGallery';
import { answerChoice, sweptRuns, tellRuns, tellSeries } from './metrics/comparedRuns';
import { judgementOf } from './metrics/judgedRun';
import { emptyPanels } from './metrics/openPanel';
import { runView, trainingEvents } from './metrics/trainingRun';
import type { Webview } from './support/browser';
import { EditorHost } from './support/editorHost';
import { editorPages } from './support/editorPages';
import { residualNet, stateDict } from './support/models';

/** Every page in Korean: nothing of ours is left in English, and no word lost its room. */

const pages = editorPages();
const openPanel = emptyPanels();
const openGallery = galleries();

const WIDE = { width: 1400, height: 900, language: 'ko' } as const;

/** The same in every language: products, formats, units, keys, and words that Keras has as values. */
const NAMES = [
  ...['Keras', 'TensorFlow', 'PyTorch', 'torchvision', 'WebAssembly', 'SIMD', 'VS Code', 'ImageNet'],
  ...['SVG', 'PNG', 'CSV', 'JSON', 'HDF5', 'Markdown', 'TensorBoard', 'FLOPs', 'NaN', 'RGB', 'BGR', '(None'],
  ...['URL', 'Top-1', 'Top-5', 'KB', 'MB', 'GB', 'ms', 'wasm', 'keras.applications', 'state dict'],
  ...['Ctrl', 'Shift', 'Alt', 'Enter', 'Escape', 'Delete', 'Home', 'End', 'true', 'false'],
  ...['SGD', 'Adam', 'AdamW', 'RMSprop', 'Softmax', 'Sigmoid', 'Linear', 'ReLU', 'Caffe', 'Torch'],
  // An example of a regular expression, and where the models of these tests say that their weights are.
  ...['conv[12]|logits', path.resolve('model.h5')],
];

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

const KINDS = kindViews().flatMap(({ name, form }) => [
  name,
  ...form.flatMap(({ name: field, control }) => [
    field,
    ...('words' in control ? control.words : 'kinds' in control ? control.kinds : []),
  ]),
]);

/** As Keras calls them, where the columns of a table are sorted. */
const METRICS = ['loss', 'accuracy', 'val_loss', 'val_accuracy'];

/** What a page says of a model in the model's own words. */
function namesOf(host: EditorHost): readonly string[] {
  const { name, file, format, layers } = host.model();
  const all = [...layers, ...host.model(EMPTY_RECIPE).layers];
  const own = all.map(({ name, kind, group, config, weights }) => [
    ...[name, kind, group, weights, config],
    Object.keys(config),
  ]);
  // What is grafted gets numbers; a block is called what the names of its layers begin with.
  const grafted = all.map(({ name: taken }) => `${taken}_1`);
  const blocks = all.flatMap(({ name: whole }) => whole.match(/^.*block\d+/) ?? []);
  return [...KINDS, name, file, format, 'donor.h5', ...grafted, ...blocks, ...stringsIn(own)];
}

let findings: string[] = [];
beforeEach(() => {
  findings = [];
});
afterEach(() => expect(findings).toEqual([]));

/** Reads all that a page says, and leaves a picture. */
async function read(
  { page, screenshot }: Pick<Webview<never, never>, 'page' | 'screenshot'>,
  name: string,
  own: readonly string[],
): Promise<void> {
  await screenshot(`korean-${name}`);
  const english = englishIn(await saidOn(page), new Set([...NAMES, ...own]));
  const cut = (await cutShort(page)).map((text) => `cut short: ${text}`);
  findings.push(...[...english, ...cut].map((finding) => `${name}: ${finding}`));
}

const SHEETS = [
  ...(['graftHead', 'train', 'insertLayer', 'replaceLayer', 'graftFrom'] as const),
  ...(['warmStart', 'inputShape', 'exportPicture', 'shortcuts', 'advise'] as const),
];

test('a model, its pages and its sheets', async () => {
  const host = new EditorHost(residualNet([1, 1], 5));
  host.donors.set('donor.h5', residualNet([1, 1], 7));
  const { view, page, settle, card } = await pages.open(host, WIDE);
  const look = (name: string) => read(view, name, namesOf(host));
  const command = async (name: EditorCommand) => {
    await view.send({ type: 'command', command: name });
    await settle();
  };
  await look('model');
  await card('conv1_conv').click();
  await settle();
  await page.locator('.weights-look vscode-button').click();
  await settle();
  await look('layer');
  await card('conv1_conv').click({ button: 'right' });
  await look('menu');
  await page.keyboard.press('Escape');
  for (const sheet of SHEETS) {
    await command(sheet);
    await page.getByRole('dialog').waitFor();
    if (sheet === 'train') {
      await page.locator('.train-more > summary').click();
      await settle();
    }
    if (sheet === 'graftFrom' || sheet === 'warmStart') {
      const answers = host.answer({ type: 'openDonor', from: { path: 'donor.h5' } });
      for (const answer of answers) await view.send(answer);
      await settle();
    }
    await look(sheet);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }
  await command('freezeUpTo');
  await command('cutHere');
  for (const tab of [1, 2]) {
    await page.getByRole('tab').nth(tab).click();
    await settle();
    await look(`tab-${tab}`);
  }
  for (const answer of host.answer({ type: 'step', at: 0 })) await view.send(answer);
  await page.getByRole('dialog').waitFor();
  await settle();
  await look('step');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.getByRole('tab').first().click();
  await card('images').click({ modifiers: ['Control'] });
  await look('selection');
  await command('compare');
  await page.locator('.diff-legend').waitFor();
  await look('compare');
  await command('compare');
  await command('weightMovement');
  await look('overlay');
  await page.locator('.overlay-chooser button').first().click();
  await page.locator('.overlay-menu').waitFor();
  await look('overlays');
  await page.keyboard.press('Escape');
  await command('summary');
  await page.locator('.summary-grid').waitFor();
  await look('summary');
});

test('a deep model in its boxes, one with a fault, and weights alone', async () => {
  const deep = new EditorHost(residualNet([3, 4, 6], 5));
  const { view, page } = await pages.open(deep, { ...WIDE, theme: 'light' });
  await read(view, 'boxes', namesOf(deep));
  await page.locator('.box-open').first().click();
  await page.locator('.frame-close').first().waitFor();
  await read(view, 'frames', namesOf(deep));
  const faulty = new EditorHost(residualNet([1, 1], 5));
  const shape = { kind: 'Reshape', config: { target_shape: [7] } };
  faulty.answer({
    type: 'edit',
    edit: { type: 'operate', operation: { op: 'replace', layer: 'avg_pool', with: shape } },
  });
  const other = await pages.open(faulty, { ...WIDE, theme: 'light' });
  await other.page.locator('.fault-bar').waitFor();
  await other.view.send({ type: 'command', command: 'nextFault' });
  await other.settle();
  await read(other.view, 'fault', namesOf(faulty));
  const weights = new EditorHost(stateDict([1, 1, 1, 1]), 'resnet.pt', 'PyTorch', true);
  const alone = await pages.open(weights, WIDE);
  await read(alone.view, 'weights', namesOf(weights));
});

test('runs: one, its judgement, and several beside each other', async () => {
  const panel = await openPanel({ ...WIDE, theme: 'light' });
  const runs = await sweptRuns();
  const look = (name: string) =>
    read(
      panel,
      name,
      runs.flatMap(({ name: run, folder, events }) => [
        run,
        path.basename(folder),
        'digits',
        ...METRICS,
        ...stringsIn(events[0]),
      ]),
    );
  await look('no-runs');
  await tellRuns(panel, runs);
  await panel.page.locator('.run-body').waitFor();
  await look('run');
  await panel.page.getByRole('tab').nth(1).click();
  await panel.nextPost('compareRuns');
  await tellSeries(panel, runs);
  await look('compare-none');
  const before = (await panel.posts()).length;
  await panel.page.locator('.series-list button').first().click();
  await panel.nextPost('compareRuns', before);
  await answerChoice(panel, runs);
  await panel.page.getByRole('table').waitFor();
  await look('compare-runs');
  await panel.page.getByRole('tab').nth(2).click();
  await panel.nextPost('lookAtJudgement');
  await look('judge-none');
  const judgement = judgementOf(['5', '6', '7', '8', '9'], 60);
  await panel.send({ type: 'judged', id: runs[0]?.folder ?? '', judgement });
  await panel.page.locator('.judged').waitFor();
  await look('judge');
});

test('a run that goes on', async () => {
  const panel = await openPanel(WIDE);
  const run = runView({ id: '/runs/3', status: 'running' });
  const events = trainingEvents({
    epochs: 12,
    stepsPerEpoch: 47,
    epochsDone: 7,
    stepsMore: 20,
    until: Date.now(),
  });
  await panel.send({ type: 'runs', protocol: 1, runs: [run], shown: run.id });
  await panel.send({ type: 'history', run, events });
  await panel.page.locator('.run-body').waitFor();
  await read(panel, 'running', [run.name, ...stringsIn(events[0])]);
});

test('pretrained models', async () => {
  const gallery = await openGallery({ ...WIDE, theme: 'light' });
  const own = galleryModels().flatMap(stringsIn);
  await gallery.page.locator('.model').first().waitFor();
  await read(gallery, 'gallery', own);
});
