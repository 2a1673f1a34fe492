import type * as vscode from 'vscode';
import { expect, test, vi } from 'vitest';
import { PageComparison } from '../../../src/host/compare/pageComparison';
import { JudgePart } from '../../../src/host/judge/judgePart';
import { OutsidePaths } from '../../../src/host/outsidePaths';
import { readMessage } from '../../../src/host/pageMessages/readMessage';
import { runPanelMessages } from '../../../src/host/pageMessages/runPanelMessages';
import type { RunRegistry } from '../../../src/host/runRegistry';
import type { JudgingFromPage, JudgingToPage } from '../../../src/protocol/judging';
import type { ComparisonFromPage, ComparisonToPage } from '../../../src/protocol/runComparison';
import * as fake from './support/fakeVscode';

vi.mock('vscode', async () => import('./support/fakeVscode'));

/** What a page posts goes through the host's schemas first, as here: these messages are well formed, and made up. */

test('runs to compare are those of the window: nothing else is looked at', async () => {
  const looked: string[] = [];
  const registry = {
    finds: (id: string) => Promise.resolve(id === '/runs/known'),
    readHistory: (id: string) => {
      looked.push(id);
      return Promise.resolve(0);
    },
    viewOf: (id: string) => ({ id, name: 'known', status: 'finished', startedAt: 0 }),
  } as unknown as RunRegistry;
  const told: ComparisonToPage[] = [];
  const page = new PageComparison(registry, (message) => Promise.resolve(told.push(message)));
  const ids = ['/elsewhere', '/runs/known', '../../etc'];
  const message = readMessage(runPanelMessages, { type: 'compareRuns', ids, known: [], monitor: null });
  await page.choose(message as Extract<ComparisonFromPage, { type: 'compareRuns' }>);
  page.dispose();
  expect(looked).toEqual(['/runs/known']);
  expect(told.filter(({ type }) => type === 'notCompared')).toMatchObject([
    { id: '/elsewhere' },
    { id: '../../etc' },
  ]);
});

test('a picture is made of no file that the page was not told of', async () => {
  const warned: string[] = [];
  const place = {
    extension: fake.Uri.file('/extension') as unknown as vscode.Uri,
    outside: new OutsidePaths(fake.memento() as unknown as vscode.Memento),
  };
  const judging = new JudgePart(place, {} as RunRegistry, { warn: (text: string) => warned.push(text) });
  const told: JudgingToPage[] = [];
  const wanted = [{ of: '/elsewhere/passport.png', side: 400 }];
  const message = readMessage(runPanelMessages, { type: 'pictures', id: '/runs/known', wanted });
  await judging.receive(message as JudgingFromPage, (answer) => told.push(answer));
  judging.dispose();
  expect(told).toMatchObject([{ type: 'pictures', pictures: [{ of: wanted[0]?.of, png: null }] }]);
  expect(warned).toHaveLength(1);
});
