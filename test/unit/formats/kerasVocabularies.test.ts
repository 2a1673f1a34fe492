import { describe, expect, it } from 'vitest';
import { Failure } from '../../../src/core/failure';
import { attachVocabularies } from '../../../src/formats/kerasArchive/attachVocabularies';
import type { KerasGraph } from '../../../src/formats/keras/readGraph';
import type { ModelParts } from '../../../src/formats/kerasArchive/parts';
import { chain } from '../support/graphs';

const NAME = 'assets/layers/lookup/vocabulary.txt';

/** A graph of one lookup, and an archive with these bytes for its vocabulary. */
async function attach(kind: string, bytes: Uint8Array, size = bytes.length) {
  const graph = chain([null, 3], { kind, name: 'lookup' });
  const read: KerasGraph = { graph, report: [], paths: new Map() };
  const part = { name: NAME, size, read: () => Promise.resolve(bytes) };
  const parts: ModelParts = {
    path: 'model.keras',
    find: (name) => Promise.resolve(name === NAME ? part : undefined),
    names: () => Promise.resolve([NAME]),
  };
  const attached = await attachVocabularies(read, new Map([['lookup', { group: 'layers/lookup' }]]), parts);
  return attached.graph.layers.find(({ name }) => name === 'lookup')!.config.vocabulary;
}

const text = (lines: string) => new TextEncoder().encode(lines);

describe('vocabularies beside the weights', () => {
  it('are a value a line, an empty one where it masks', async () => {
    expect(await attach('IntegerLookup', text('-1\n5\n-12'))).toEqual([-1, 5, -12]);
    expect(await attach('StringLookup', text('\n[UNK]\nä b\n'))).toEqual(['', '[UNK]', 'ä b']);
  });

  it.each([
    ['IntegerLookup', text('1\nfive'), 5, 'found "five", expected a whole number a line'],
    ['IntegerLookup', text('99999999999999999999'), 20, 'expected a whole number a line'],
    ['StringLookup', Uint8Array.of(0xff, 0xfe), 2, 'found bytes that are no UTF-8'],
    ['StringLookup', text('a'), 2 ** 40, 'found 1099511627776 bytes, expected at most 67108864'],
  ])('%s: what is wrong with one is said', async (kind, bytes, size, message) => {
    const error = await attach(kind, bytes, size).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Failure);
    expect(error).toMatchObject({ code: 'VOCABULARY', layer: 'lookup' });
    expect((error as Failure).message).toContain(message);
  });
});
