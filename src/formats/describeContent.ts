import { t } from '../l10n/translate';
import { readHead, statFile } from './byteSource';

const HEAD_BYTES = 64;

/** What files that people mistake for models begin with. */
const KNOWN: readonly (readonly [signature: readonly number[], name: string])[] = [
  [[0x50, 0x4b, 0x03, 0x04], t('a ZIP archive that is no model of any framework')],
  [[0x1f, 0x8b], t('gzip-compressed data')],
  [[0x89, 0x50, 0x4e, 0x47], t('a PNG image')],
  [[0xff, 0xd8, 0xff], t('a JPEG image')],
  [[0x25, 0x50, 0x44, 0x46], t('a PDF document')],
  [[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59], t('a NumPy array')],
  [[0x7f, 0x45, 0x4c, 0x46], t('a program')],
];

/** What a file looks like, in words: for a message that says what was found. */
export async function describeContent(path: string): Promise<string> {
  const stats = await statFile(path);
  if (stats.isDirectory()) return t('a folder without a model.json');
  if (!stats.isFile()) return t('something that is no file');
  if (stats.size === 0) return t('an empty file');
  const head = await readHead(path, HEAD_BYTES);
  const known = KNOWN.find(([signature]) => signature.every((byte, index) => head[index] === byte));
  if (known) return known[1];
  const text = asText(head);
  if (text === undefined) {
    const bytes = [...head.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0'));
    return t('data of an unknown kind, begins with {0}', bytes.join(' '));
  }
  if (/^\s*<(!doctype|html)/i.test(text)) return t('a web page (the download may have failed)');
  if (text.startsWith('version https://git-lfs')) return t('a Git LFS pointer (run "git lfs pull")');
  const start = text.trim().replace(/\s+/g, ' ').slice(0, 32);
  return t('text, begins with {0}', JSON.stringify(start));
}

/** The bytes as text, if they are some; a character cut off at the end does not count. */
function asText(bytes: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(bytes, { stream: true });
  const isPlain = (code: number) => code >= 32 || code === 9 || code === 10 || code === 13;
  return [...text].every((character) => character !== '\ufffd' && isPlain(character.charCodeAt(0)))
    ? text
    : undefined;
}
