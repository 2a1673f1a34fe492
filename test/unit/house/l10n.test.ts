import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { repository } from '../../support/python';
import { saidIn } from '../../support/sentences';

/** The command line speaks English, as its manual does. */
const SPEAKS_ENGLISH = new Set(['cli', 'l10n']);

const folders = [
  ...readdirSync(path.join(repository, 'src'))
    .filter((name) => !SPEAKS_ENGLISH.has(name))
    .map((name) => `src/${name}`),
  'webview',
];
const said = folders.map((folder) => saidIn(repository, folder));
const sentences = said.flatMap((one) => one.sentences);

const parts = readdirSync(path.join(repository, 'l10n/ko')).map((name) => ({
  name,
  sentences: JSON.parse(readFileSync(path.join(repository, 'l10n/ko', name), 'utf8')) as Readonly<
    Record<string, string>
  >,
}));
const korean = parts.flatMap((part) => Object.entries(part.sentences));

const placeholders = (text: string) => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort();

it('says nothing that stays English for everyone', () => {
  expect(said.flatMap((one) => one.untranslated)).toEqual([]);
});

it('says sentences as plain literals, with {0} for what is put in', () => {
  expect(sentences.length).toBeGreaterThan(1000);
  expect(sentences.filter(({ english }) => english === undefined).map(({ place }) => place)).toEqual([]);
});

it('has each sentence in Korean, once, and no other', () => {
  const known = new Set(korean.map(([english]) => english));
  const missing = sentences.filter(({ english = '' }) => !known.has(english));
  expect(missing.map(({ english, place }) => `${place}: ${english}`)).toEqual([]);
  const wanted = new Set(sentences.map(({ english }) => english));
  const seen = new Set<string>();
  const wrong = parts.flatMap((part) =>
    Object.keys(part.sentences).flatMap((english) => {
      if (!wanted.has(english)) return [`${part.name}: nothing says: ${english}`];
      if (seen.has(english)) return [`${part.name}: is in another part, too: ${english}`];
      seen.add(english);
      return [];
    }),
  );
  expect(wrong).toEqual([]);
});

it('puts in the same in Korean, and says it in Korean', () => {
  for (const [english, translated] of korean) {
    expect(placeholders(translated), english).toEqual(placeholders(english));
    expect(translated, english).toMatch(/[가-힣]/);
  }
});
