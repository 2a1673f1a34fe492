import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { repository } from '../../support/python';

const korean = JSON.parse(
  readFileSync(path.join(repository, 'l10n/bundle.l10n.ko.json'), 'utf8'),
) as Readonly<Record<string, string>>;

const host = path.join(repository, 'src/host');

/** The first argument of each `vscode.l10n.t(…)`: its text, or none where it is no plain literal, with its place. */
function textsOf(file: string): [text: string | undefined, place: string][] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  const found: [string | undefined, string][] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && /\bl10n\.t$/.test(node.expression.getText())) {
      const [first] = node.arguments;
      const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      const text = first && ts.isStringLiteral(first) ? first.text : undefined;
      found.push([text, `${path.relative(repository, file)}:${line}`]);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

const texts = readdirSync(host, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .flatMap((file) => textsOf(path.join(host, file)));

const placeholders = (text: string) => (text.match(/\{\d+\}/g) ?? []).sort();

it('has every text of the host that is said in the reader’s language in Korean, and no other', () => {
  expect(texts.length).toBeGreaterThan(30);
  for (const [text, place] of texts) {
    expect(text, `${place}: a plain literal, with {0} for what is put in`).toBeDefined();
    expect(korean, place).toHaveProperty([text ?? '']);
  }
  expect(Object.keys(korean).sort()).toEqual([...new Set(texts.map(([text]) => text))].sort());
});

it('puts in the same in Korean words', () => {
  for (const [text, translated] of Object.entries(korean)) {
    expect(placeholders(translated), text).toEqual(placeholders(text));
    expect(translated, text).toMatch(/[가-힣]/);
  }
});
