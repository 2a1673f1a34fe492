import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import type { ModelFile } from '../../../src/formats/format';
import { openModel } from '../../../src/formats/registry';
import { DonorChoice } from '../../../src/host/donorChoice';
import { Heads } from '../../../src/host/heads';
import type { DonorSources } from '../../../src/host/donorChoice';
import type { SurgeryToEditor } from '../../../src/protocol/surgerySheets';
import { fixture } from '../formats/fixtures';

const FILE = fixture('keras3/sequential.h5');

/** How VS Code names other machines in the URIs of a drop. */
const REMOTES = ['127.0.0.1:8080', 'ssh-remote%2Bhost', 'wsl+ubuntu'];

function choice(sources: Partial<DonorSources> = {}) {
  const told: SurgeryToEditor[] = [];
  const donors = new DonorChoice(
    {
      openModels: () => [{ path: FILE, label: 'sequential.h5' }],
      browse: () => Promise.resolve(undefined),
      labelOf: (file) => file.slice(file.lastIndexOf('/') + 1),
      open: (file, _isChosen, signal) => openModel(file, signal),
      ...sources,
    },
    (message) => told.push(message),
  );
  const states = () => told.map((message) => message.type === 'donor' && message.donor.kind);
  return { donors, told, states };
}

test('opens a donor by its path and by the URI of a drop', async () => {
  const { href } = pathToFileURL(FILE);
  const uris = [href, ...REMOTES.map((remote) => href.replace('file://', `vscode-remote://${remote}`))];
  for (const from of [{ path: FILE }, ...uris.map((uri) => ({ uri }))]) {
    const { donors, told, states } = choice();
    await donors.receive({ type: 'openDonor', from });
    expect(states()).toEqual(['opening', 'open']);
    const last = told.at(-1);
    const donor = last?.type === 'donor' && last.donor.kind === 'open' ? last.donor : undefined;
    expect(donor?.path).toBe(FILE);
    expect(donor?.model.layers.some(({ kind, grafted }) => kind === 'Dense' && !grafted)).toBe(true);
  }
});

test('says why a donor cannot be opened', async () => {
  const { donors, told } = choice();
  await donors.receive({ type: 'openDonor', from: { path: '/nowhere/gone.h5' } });
  expect(told.at(-1)).toMatchObject({ donor: { kind: 'unreadable', label: 'gone.h5' } });
  await donors.receive({ type: 'openDonor', from: { uri: 'untitled:Untitled-1' } });
  expect(told.at(-1)).toMatchObject({ donor: { kind: 'unreadable', code: 'NOT_A_FILE' } });
});

test('leaves everything as it was when the dialog is closed', async () => {
  const { donors, told } = choice();
  await donors.receive({ type: 'openDonor', from: 'browse' });
  expect(told).toEqual([]);
});

test('tells nothing more of what was given up, or overtaken by another', async () => {
  const waiting: ((file: ModelFile) => void)[] = [];
  const { donors, states } = choice({
    open: () => new Promise<ModelFile>((resolve) => waiting.push(resolve)),
  });
  const opening = donors.receive({ type: 'openDonor', from: { path: FILE } });
  await donors.receive({ type: 'closeDonor' });
  waiting[0]?.(await openModel(FILE));
  await opening;
  expect(states()).toEqual(['opening', 'none']);
});

test('stops reading what was given up, or overtaken by another, and not for a dialog that is closed', async () => {
  const signals: AbortSignal[] = [];
  const { donors, states } = choice({
    open: (_file, _isChosen, signal) => {
      signals.push(signal);
      return new Promise<ModelFile>((_done, failed) =>
        signal.addEventListener('abort', () => failed(new Error('aborted'))),
      );
    },
  });
  const opening = donors.receive({ type: 'openDonor', from: { path: FILE } });
  await donors.receive({ type: 'openDonor', from: 'browse' });
  expect(signals[0]?.aborted).toBe(false);
  const overtaking = donors.receive({ type: 'openDonor', from: { path: FILE } });
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  await donors.receive({ type: 'closeDonor' });
  expect(signals[1]?.aborted).toBe(true);
  await Promise.all([opening, overtaking]);
  expect(states()).toEqual(['opening', 'opening', 'none']);
});

test('stops reading when its page is closed', async () => {
  let given: AbortSignal | undefined;
  const { donors } = choice({
    open: (file, _isChosen, signal) => {
      given = signal;
      return openModel(file, signal);
    },
  });
  const opening = donors.receive({ type: 'openDonor', from: { path: FILE } });
  donors.dispose();
  await opening;
  expect(given?.aborted).toBe(true);
});

test('tells what people chose, or have open, from a path that somebody made up', async () => {
  const opened: [string, boolean][] = [];
  const { donors } = choice({
    browse: () => Promise.resolve('/chosen.h5'),
    open: (file, isChosen) => {
      opened.push([file, isChosen]);
      return openModel(FILE);
    },
  });
  const { href } = pathToFileURL('/dropped.h5');
  const ways = [{ path: FILE }, { uri: href }, 'browse', { path: '/made/up.h5' }] as const;
  for (const from of ways) await donors.receive({ type: 'openDonor', from });
  expect(opened).toEqual([
    [FILE, true],
    ['/dropped.h5', true],
    ['/chosen.h5', true],
    ['/made/up.h5', false],
  ]);
});

test('lists the models of other tabs', async () => {
  const { donors, told } = choice();
  await donors.receive({ type: 'openModels' });
  expect(told).toEqual([{ type: 'openModels', models: [{ path: FILE, label: 'sequential.h5' }] }]);
});

test('keeps the heads grafted last, each once', async () => {
  const memory = new Map<string, unknown>();
  const heads = new Heads({
    get: <T>(key: string) => memory.get(key) as T | undefined,
    update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
  } as ConstructorParameters<typeof Heads>[0]);
  const head = (classes: number) => ({
    ...({ pooling: 'average', activation: 'softmax' } as const),
    ...{ hiddenUnits: [], dropout: 0, classes },
  });
  let told: SurgeryToEditor | undefined;
  const post = (message: SurgeryToEditor) => (told = message);
  for (const classes of [1, 2, 3, 4, 5, 4]) {
    await heads.receive({ type: 'rememberHead', head: head(classes) }, post);
  }
  await heads.receive({ type: 'heads' }, post);
  expect(told?.type === 'heads' && told.heads.map(({ classes }) => classes)).toEqual([4, 5, 3, 2]);
});
