import { Failure } from '../../core/failure';
import { t } from '../../l10n/translate';

/** What is read at once while lengths are looked for. */
const WINDOW_BYTES = 2 ** 16;

/** Before each text, its length: a little-endian number of 32 bits. */
const LENGTH_BYTES = 4;

/** The largest vocabularies have some hundred thousand words. */
const MAX_TEXTS = 2_000_000;

/**
 * How many bytes a weight of texts takes: nothing but the texts themselves says it. Source: `decodeWeights` of
 * tfjs-core's io_utils.
 * @param read bytes of the group that the weight is in
 * @param at where it begins, how long the group is, how many texts there are
 * @throws Failure `MODEL_CONFIG`, `SHARD_SHORT`
 */
export async function measureTexts(
  read: (offset: number, length: number) => Promise<Uint8Array>,
  at: { readonly offset: number; readonly total: number; readonly count: number },
  modelPath: string,
): Promise<number> {
  if (at.count > MAX_TEXTS) {
    const message = t(
      '{0}: weightsManifest: found a weight of {1} texts, expected at most {2}',
      modelPath,
      at.count,
      MAX_TEXTS,
    );
    throw new Failure('input', 'MODEL_CONFIG', message, { path: modelPath });
  }
  let position = at.offset;
  let start = position;
  let window: DataView = new DataView(new ArrayBuffer(0));
  for (let text = 0; text < at.count; text++) {
    if (position + LENGTH_BYTES > at.total) throw short(position, at.total, modelPath);
    if (position + LENGTH_BYTES > start + window.byteLength) {
      start = position;
      const bytes = await read(start, Math.min(WINDOW_BYTES, at.total - start));
      window = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }
    position += LENGTH_BYTES + window.getUint32(position - start, true);
  }
  if (position > at.total) throw short(position, at.total, modelPath);
  return position - at.offset;
}

function short(position: number, total: number, modelPath: string): Failure {
  const message = t(
    '{0}: a weight of texts reaches to byte {1} of its group of {2}; the shards are cut short or damaged',
    modelPath,
    position,
    total,
  );
  return new Failure('input', 'SHARD_SHORT', message, { path: modelPath });
}
