/**
 * The licence of each npm package that is shipped, with its text: the package's own file where it has one, else the
 * standard text of the licence that its package.json names.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What may be shipped in an MIT-licensed extension; the LGPL's libraries lie beside the bundles and can be replaced. */
export const ALLOWED = [
  ...['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'CC-BY-4.0', 'NIST-Software'],
  'LGPL-3.0-or-later',
];

/** Packages that do not name their licence by its identifier. */
const NAMED_IN_WORDS = { h5wasm: 'NIST-Software AND BSD-3-Clause' };

/** Who holds the copyright where a package has no licence file and its author is somebody else. */
const HOLDERS = {
  '@tensorflow': 'Copyright Google LLC',
  '@microsoft': 'Copyright (c) Microsoft Corporation',
  'onnxruntime-node': 'Copyright (c) Microsoft Corporation',
  'onnxruntime-common': 'Copyright (c) Microsoft Corporation',
};

/** What is compiled into a package and listed elsewhere than in it. */
const LISTED_ELSEWHERE = {
  'onnxruntime-node':
    'What ONNX Runtime contains: https://github.com/microsoft/onnxruntime/blob/main/ThirdPartyNotices.txt',
};

const standard = (id) => readFileSync(path.join(import.meta.dirname, 'licences', `${id}.txt`), 'utf8').trim();

/** The identifiers of an SPDX expression, of which all apply (`AND`). */
export const identifiersOf = (expression) => expression.replace(/[()]/g, '').split(/\s+AND\s+/);

/**
 * @param {string} folder an npm package
 * @returns {{ name: string, version: string, licence: string, text: string }}
 * @throws Error where there is no text for its licence
 */
export function licenceOf(folder) {
  const { name, version, author, license } = JSON.parse(
    readFileSync(path.join(folder, 'package.json'), 'utf8'),
  );
  const licence = NAMED_IN_WORDS[name] ?? license;
  return { name, version, licence, text: textOf(folder, { name, author, licence }) };
}

function textOf(folder, { name, author, licence }) {
  const names = readdirSync(folder).sort();
  const own = names
    .filter((file) => /^(licen[cs]e|copyright|notice)/i.test(file))
    .map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  const holder = HOLDERS[name] ?? HOLDERS[name.split('/')[0]] ?? copyrightOf(author);
  const texts =
    own.length > 0
      ? own
      : identifiersOf(licence)
          .filter(isPlain)
          .flatMap((id) => [holder, standard(id)]);
  if (licence.includes('LGPL')) texts.push(...lesserGeneral(folder));
  if (LISTED_ELSEWHERE[name]) texts.push(LISTED_ELSEWHERE[name]);
  return texts.join('\n\n').replace(/\r\n|\uFEFF/g, (found) => (found === '\r\n' ? '\n' : ''));
}

const isPlain = (id) => !id.startsWith('LGPL');

function copyrightOf(author) {
  const name = (typeof author === 'string' ? author : author?.name)?.replace(/\s*<.*>/, '');
  return name === undefined ? '' : `Copyright (c) ${name}`;
}

/** The libraries inside libvips's own, of which the package's README keeps the list; the LGPL adds to the GPL. */
function lesserGeneral(folder) {
  const readme = readFileSync(path.join(folder, 'README.md'), 'utf8');
  const list = readme.slice(readme.indexOf('## Licensing')).replace('## Licensing', '').trim();
  return [
    list,
    'Source: https://github.com/lovell/sharp-libvips',
    standard('LGPL-3.0-or-later'),
    standard('GPL-3.0-or-later'),
  ];
}
