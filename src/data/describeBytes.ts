import { t, tn } from '../l10n/translate';

const SIGNATURES: readonly (readonly [string, readonly number[]])[] = [
  ['PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['JPEG', [0xff, 0xd8, 0xff]],
  ['GIF', [0x47, 0x49, 0x46, 0x38]],
  [t('WebP or other RIFF'), [0x52, 0x49, 0x46, 0x46]],
  ['BMP', [0x42, 0x4d]],
  ['TIFF', [0x49, 0x49, 0x2a, 0x00]],
  ['TIFF', [0x4d, 0x4d, 0x00, 0x2a]],
  ['PDF', [0x25, 0x50, 0x44, 0x46]],
  ['zip', [0x50, 0x4b, 0x03, 0x04]],
  ['gzip', [0x1f, 0x8b]],
  ['HDF5', [0x89, 0x48, 0x44, 0x46]],
];

const SHOWN = 8;

/** What a file seems to be, for people who expected something else: `an empty file`, `1,204 bytes that begin like JPEG`. */
export function describeBytes(bytes: Uint8Array): string {
  if (bytes.length === 0) return t('an empty file');
  const count = bytes.length.toLocaleString('en');
  const signature = SIGNATURES.find(([, start]) => start.every((byte, index) => bytes[index] === byte));
  if (signature) {
    return tn(
      bytes.length,
      '{0} byte that begin like {1}',
      '{0} bytes that begin like {1}',
      count,
      signature[0],
    );
  }
  const head = bytes.subarray(0, SHOWN);
  if (head.every((byte) => byte >= 0x20 && byte < 0x7f)) {
    const text = String.fromCharCode(...head);
    return tn(bytes.length, '{0} byte of text, "{1}…"', '{0} bytes of text, "{1}…"', count, text);
  }
  return tn(
    bytes.length,
    '{0} byte that begin with {1}',
    '{0} bytes that begin with {1}',
    count,
    [...head].map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
  );
}
