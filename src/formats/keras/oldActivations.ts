import { toSnakeCase } from '../../core/layers/fields';
import { isJsonRecord, type JsonRecord } from './json';

/**
 * Whether that version of Keras, or of what writes its files, means `clip(0.2 x + 0.5, 0, 1)` by `hard_sigmoid`, and not
 * `relu6(x + 3) / 6`: every one before Keras 3, and TensorFlow.js (`tfjs-layers 4.22.0`).
 */
export function meansOldHardSigmoid(kerasVersion: unknown): boolean {
  const major = typeof kerasVersion === 'string' ? /^(\d+)\./.exec(kerasVersion)?.[1] : undefined;
  return major === undefined || Number(major) < 3;
}

/** The configuration of a layer with the old function by its name in a layer graph; in layers inside it as well. */
export function renameOldHardSigmoid(config: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, rename(key, value)]));
}

function rename(key: string, value: unknown): unknown {
  if (key.endsWith('activation')) {
    if (typeof value === 'string')
      return toSnakeCase(value) === 'hard_sigmoid' ? 'hard_sigmoid_keras2' : value;
    return isJsonRecord(value) && typeof value.config === 'string'
      ? { ...value, config: rename(key, value.config) }
      : value;
  }
  // Layers and cells inside this one; how deep values nest was bounded when the file was read.
  if (Array.isArray(value)) return value.map((item) => rename('', item));
  return isJsonRecord(value) ? renameOldHardSigmoid(value) : value;
}
