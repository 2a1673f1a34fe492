import { describe, expect, it } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { editorMessages } from '../../../../src/host/pageMessages/editorMessages';
import { readMessage } from '../../../../src/host/pageMessages/readMessage';
import { refusalOf } from '../../../../src/host/pageMessages/refusal';
import { runPanelMessages } from '../../../../src/host/pageMessages/runPanelMessages';
import type { EditorToHost, TrainingForm } from '../../../../src/protocol/editor';
import type { RunPanelToHost } from '../../../../src/protocol/runPanel';
import { seededRandom } from '../../../../src/data/random';
import { damage } from '../../../fuzz/mutators/json';

const FORM: TrainingForm = {
  ...{ dataFolder: '/data', epochs: 5, batchSize: 32, seed: 42, learningRate: 0.001, validation: 0.2 },
  optimizer: 'adam',
  preprocess: 'tf',
  batchNorm: 'inference',
  classWeights: 'balanced',
  schedule: { kind: 'cosine', warmup: { epochs: 1 } },
  earlyStopping: { monitor: 'val_loss', patience: 3 },
  fineTune: { stages: 2, learningRate: 1e-5, epochs: 10 },
};

const EDITOR: readonly EditorToHost[] = [
  { type: 'ready', protocol: 1 },
  {
    type: 'edit',
    edit: { type: 'operate', operation: { op: 'cut', after: '<img src=x onerror=alert(1)>' } },
  },
  {
    type: 'preview',
    request: 7,
    edit: {
      type: 'together',
      label: 'Both',
      edits: [
        { type: 'freeze', rules: [{ match: { regex: 'conv[12]' } }] },
        { type: 'changeOperation', at: 0, operation: { op: 'rename', layer: 'a', to: 'b' } },
      ],
    },
  },
  { type: 'train', form: FORM },
  { type: 'saveFile', of: 'summary', extension: 'md', content: '# m' },
  { type: 'inspect', layer: '3', weights: true },
  { type: 'openDonor', from: { uri: 'file:///m.h5' } },
  {
    type: 'rememberHead',
    head: { pooling: 'average', hiddenUnits: [64], dropout: 0.2, classes: 5, activation: 'softmax' },
  },
];

const PANEL: readonly RunPanelToHost[] = [
  { type: 'steer', id: '/runs/a', message: { type: 'setLearningRate', learningRate: 0.01 } },
  { type: 'compareRuns', ids: ['/runs/a'], known: [], monitor: null },
  { type: 'pictures', id: '/runs/a', wanted: [{ of: 3, side: 64 }] },
  {
    type: 'predictImages',
    id: '/runs/a',
    from: { dropped: [{ name: 'a.png', bytes: new Uint8Array([1, 2]).buffer }] },
  },
];

const failureOf = (read: () => unknown): Failure => {
  try {
    read();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it was taken');
};

describe('what a page posts', () => {
  it('is taken as it is where it is a message', () => {
    for (const message of EDITOR) expect(readMessage(editorMessages, message)).toBe(message);
    for (const message of PANEL) expect(readMessage(runPanelMessages, message)).toBe(message);
  });

  it.each<[unknown, string]>([
    [undefined, 'a message of the type undefined'],
    [{ type: 'constructor' }, 'a message of the type "constructor"'],
    [{ type: 'undo', more: 1 }, 'the message "undo": more: no such field'],
    [{ type: 'inspect', layer: 3, weights: true }, 'layer: found 3, expected text in quotes'],
    [
      { type: 'edit', edit: { type: 'operate', operation: { op: 'cut' } } },
      'edit.operation.after: is missing, expected text in quotes',
    ],
    [{ type: 'train', form: { ...FORM, epochs: '5' } }, 'form.epochs: found "5", expected a number'],
    [
      { type: 'edit', edit: { type: 'freeze', rules: [{ match: { regex: 'x'.repeat(1001) } }] } },
      'edit.rules[0].match',
    ],
  ])('is refused by the field that is wrong: %j', (posted, words) => {
    const { code, message } = failureOf(() => readMessage(editorMessages, posted));
    expect({ code, message }).toEqual({ code: 'MESSAGE_INVALID', message: expect.stringContaining(words) });
  });

  it('is refused where it is nested without an end, or larger than any edit', () => {
    type Nested = { type: 'together'; label: string; edits: Nested[] };
    let edit: Nested = { type: 'together', label: '', edits: [] };
    for (let depth = 0; depth < 20_000; depth++) edit = { type: 'together', label: '', edits: [edit] };
    expect(failureOf(() => readMessage(editorMessages, { type: 'edit', edit })).message).toContain(
      'too deep',
    );
    const layers = new Array(2_000_001).fill('x');
    expect(failureOf(() => readMessage(editorMessages, { type: 'summary', layers })).message).toContain(
      'too large',
    );
    const circular: Record<string, unknown> = { type: 'train' };
    circular['form'] = circular;
    expect(failureOf(() => readMessage(editorMessages, circular)).code).toBe('MESSAGE_INVALID');
  });

  it('gives a message or one clear failure, whatever becomes of it: 20,000 of each page', () => {
    for (const [schemas, messages] of [
      [editorMessages, EDITOR],
      [runPanelMessages, PANEL],
    ] as const) {
      let refused = 0;
      const random = seededRandom(8);
      for (let count = 0; count < 20_000; count++) {
        const posted = damage(messages[count % messages.length], random);
        try {
          readMessage<EditorToHost | RunPanelToHost>(schemas as never, posted);
        } catch (error) {
          if (!(error instanceof Failure) || error.code !== 'MESSAGE_INVALID') throw error;
          expect(error.message.length).toBeLessThan(2000);
          refused++;
        }
      }
      expect(refused).toBeGreaterThan(5_000);
    }
  });

  it('is answered in the way that the page waits for', () => {
    const failure = new Failure('usage', 'MESSAGE_INVALID', 'no');
    expect(refusalOf({ type: 'preview', request: 3 }, failure)).toEqual({
      type: 'previewed',
      request: 3,
      problem: { code: 'MESSAGE_INVALID', message: 'no' },
    });
    expect(refusalOf(null, failure)).toEqual({ type: 'refused', code: 'MESSAGE_INVALID', message: 'no' });
  });
});
