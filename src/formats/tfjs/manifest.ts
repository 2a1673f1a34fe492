import path from 'node:path';
import { Failure, type Fault } from '../../core/failure';
import { sizeOf, type DType, type FileRange, type Quantization } from '../../core/graph/layerGraph';
import { ByteSource, statFile } from '../byteSource';
import type { StoredWeight } from '../keras/attachWeights';
import { asArray, asIndex, asRecord, asText } from '../keras/json';
import { ITEM_BYTES } from '../weightBytes';
import { measureTexts } from './texts';
import { t } from '../../l10n/translate';

/** What the TensorFlow.js converter and its `model.save` cut weights into. */
export const SHARD_BYTES = 4 * 2 ** 20;

/** Types of weights in the manifest, by their names there. */
const DTYPES: Readonly<Record<string, DType>> = {
  float32: 'float32',
  float16: 'float16',
  int32: 'int32',
  uint16: 'uint16',
  uint8: 'uint8',
  bool: 'bool',
};

/** The type of weights that are texts; they are passed over. */
const TEXT = 'string';

interface ManifestWeight {
  readonly path: string;
  readonly shape: readonly number[];
  readonly dtype: DType | typeof TEXT;
  /** Unknown of texts. */
  readonly byteLength?: number;
  readonly quantization?: Quantization;
}

interface Shard {
  readonly path: string;
  readonly byteLength: number;
}

/**
 * Where each weight of a manifest is. Within a group, weights follow each other through the group's shards as if those
 * were one file. Shards are measured, not read, but for the lengths of texts.
 * @param modelPath of the model.json, beside which the shards are
 * @param report gets a warning of weights that are texts, which are left out
 * @throws Failure `SHARD_MISSING`, `SHARD_SHORT`, `SHARD_PATH`, `MODEL_CONFIG`
 */
export async function readManifest(
  manifest: unknown,
  modelPath: string,
  report: Fault[] = [],
): Promise<readonly StoredWeight[]> {
  const stored: StoredWeight[] = [];
  const names = new Set<string>();
  for (const [index, json] of asArray(manifest, 'weightsManifest').entries()) {
    const where = t('weightsManifest, group {0}', index);
    const group = asRecord(json, where);
    const weights = asArray(group.weights, `${where}, weights`).map((weight) => readWeight(weight, where));
    for (const { path: name } of weights) {
      if (names.has(name))
        throw badManifest(modelPath, t('two weights named "{0}"', name), t('names that differ'));
      names.add(name);
    }
    const shards = await measureShards(group.paths, where, modelPath);
    const expected = weights.reduce((sum, weight) => sum + (weight.byteLength ?? 0), 0);
    refuseShort(shards, expected, modelPath);
    stored.push(...(await placeWeights(weights, shards, modelPath)));
    const texts = weights.filter(({ dtype }) => dtype === TEXT).map((weight) => `"${weight.path}"`);
    if (texts.length > 0) report.push(textsFinding(texts));
  }
  return stored;
}

function textsFinding(names: readonly string[]): Fault {
  const message = t(
    'the weights {0} hold texts, which no layer here computes with; they are left out',
    names.slice(0, 3).join(', '),
  );
  return { severity: 'warning', code: 'WEIGHT_UNUSED', message };
}

function readWeight(json: unknown, where: string): ManifestWeight {
  const record = asRecord(json, t('{0}, a weight', where));
  const name = asText(record.name, t("{0}, a weight's name", where));
  const here = t('{0}, weight "{1}"', where, name);
  const shape = asArray(record.shape, `${here}, shape`).map((size) => asIndex(size, `${here}, shape`));
  const type = asText(record.dtype, `${here}, dtype`);
  if (type === TEXT) return { path: name, shape, dtype: TEXT };
  const dtype = Object.hasOwn(DTYPES, type) ? DTYPES[type] : undefined;
  if (!dtype) {
    throw new Failure(
      'input',
      'MODEL_CONFIG',
      t(
        '{0}: found the type {1}, expected one of {2}',
        here,
        String(record.dtype),
        Object.keys(DTYPES).join(', '),
      ),
    );
  }
  const quantization = readQuantization(record.quantization, here);
  const byteLength = sizeOf(shape) * ITEM_BYTES[quantization?.dtype ?? dtype];
  asIndex(byteLength, t('{0}, size in bytes', here));
  return { path: name, shape, dtype, byteLength, ...(quantization && { quantization }) };
}

function readQuantization(json: unknown, where: string): Quantization | undefined {
  if (json === undefined || json === null) return undefined;
  const { dtype, scale, min } = asRecord(json, `${where}, quantization`);
  if (dtype === 'float16') return { dtype, scale: 1, min: 0 };
  const numbers = typeof scale === 'number' && typeof min === 'number';
  if ((dtype === 'uint8' || dtype === 'uint16') && numbers) return { dtype, scale, min };
  throw new Failure(
    'input',
    'MODEL_CONFIG',
    t(
      '{0}, quantization: found {1}, expected float16, or uint8 or uint16 with scale and min',
      where,
      JSON.stringify(json),
    ),
  );
}

async function measureShards(paths: unknown, where: string, modelPath: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  for (const written of asArray(paths, `${where}, paths`)) {
    const name = asText(written, t("{0}, a shard's path", where));
    const shard = resolveShard(name, modelPath);
    const stats = await statFile(shard).catch((cause: unknown) => {
      throw new Failure(
        'input',
        'SHARD_MISSING',
        t('{0}: the shard {1} is missing; expected it at {2}', modelPath, name, shard),
        { path: shard, cause },
      );
    });
    if (!stats.isFile()) {
      throw new Failure('input', 'SHARD_PATH', t('{0}: the shard {1} is no file', modelPath, name), {
        path: shard,
      });
    }
    shards.push({ path: shard, byteLength: stats.size });
  }
  return shards;
}

/** Shards lie in the model's folder or below it; a path to anywhere else is somebody's trick. */
export function resolveShard(name: string, modelPath: string): string {
  const folder = path.dirname(path.resolve(modelPath));
  const shard = path.resolve(folder, name);
  const inside = path.relative(folder, shard);
  if (
    path.isAbsolute(name) ||
    name.includes('\0') ||
    /^[a-z]+:\/\//i.test(name) ||
    /^\.\.([/\\]|$)/.test(inside)
  ) {
    throw new Failure(
      'input',
      'SHARD_PATH',
      t(
        "{0}: the shard {1} lies outside the model's folder; expected a path below it",
        modelPath,
        JSON.stringify(name),
      ),
      { path: modelPath },
    );
  }
  return shard;
}

/**
 * All shards of a group but the last are equally long, which tells whose bytes are missing; not of two of an unusual
 * size.
 */
function refuseShort(shards: readonly Shard[], expected: number, modelPath: string): void {
  const found = shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  if (found >= expected) return;
  const usual = Math.ceil(expected / SHARD_BYTES) === shards.length;
  const size = usual ? SHARD_BYTES : Math.max(...shards.map((shard) => shard.byteLength));
  const wanted = shards.map((_, index) =>
    index < shards.length - 1 ? size : expected - size * (shards.length - 1),
  );
  const short = shards.findIndex((shard, index) => shard.byteLength < wanted[index]!);
  const certain = usual || shards.length !== 2 ? shards[short] : undefined;
  const names = shards.map((shard) => path.basename(shard.path));
  throw new Failure(
    'input',
    'SHARD_SHORT',
    certain
      ? t(
          '{0}: the shard {1} is cut short: found {2} bytes, expected {3}; copy it again',
          modelPath,
          names[short],
          certain.byteLength,
          wanted[short],
        )
      : t(
          '{0}: the shards {1} are cut short: found {2} bytes, expected {3}; copy them again',
          modelPath,
          names.join(', ') || t('(none)'),
          found,
          expected,
        ),
    { path: certain?.path ?? modelPath },
  );
}

async function placeWeights(
  weights: readonly ManifestWeight[],
  shards: readonly Shard[],
  modelPath: string,
): Promise<readonly StoredWeight[]> {
  const total = shards.reduce((sum, shard) => sum + shard.byteLength, 0);
  const source = new ByteSource();
  const read = (offset: number, length: number) => source.read(rangesAt(shards, offset, length));
  const stored: StoredWeight[] = [];
  let offset = 0;
  try {
    for (const { dtype, byteLength, quantization, ...weight } of weights) {
      const length =
        byteLength ?? (await measureTexts(read, { offset, total, count: sizeOf(weight.shape) }, modelPath));
      if (offset + length > total) refuseShort(shards, offset + length, modelPath);
      if (dtype !== TEXT) {
        const ranges = rangesAt(shards, offset, length);
        const from = { from: 'ranges', ranges, ...(quantization && { quantization }) } as const;
        stored.push({ ...weight, dtype, source: from });
      }
      offset += length;
    }
  } finally {
    await source.close();
  }
  return stored;
}

/** The stretches of shards that part of a group is in. */
function rangesAt(shards: readonly Shard[], offset: number, byteLength: number): readonly FileRange[] {
  const ranges: FileRange[] = [];
  let start = 0;
  for (const shard of shards) {
    const from = Math.max(offset, start);
    const to = Math.min(offset + byteLength, start + shard.byteLength);
    if (to > from) ranges.push({ path: shard.path, offset: from - start, byteLength: to - from });
    start += shard.byteLength;
    if (start >= offset + byteLength) break;
  }
  return ranges;
}

function badManifest(modelPath: string, found: string, expected: string): Failure {
  return new Failure(
    'input',
    'MODEL_CONFIG',
    t('{0}: weightsManifest: found {1}, expected {2}', modelPath, found, expected),
    { path: modelPath },
  );
}
