import type { DType } from '../../../core/graph/layerGraph';
import { t } from '../../../l10n/translate';

/**
 * What a pickle is made into: plain values, descriptions of tensors, and inert objects that only remember the name of
 * their class. Nothing here can run.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | GlobalName
  | ForeignObject
  | StorageValue
  | TensorValue;

/** A list or a set. */
export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  constructor(readonly items: readonly PickleValue[]) {}
}

/** A dictionary in the order it was filled. */
export class PickleDict {
  readonly keys: PickleValue[] = [];
  readonly values: PickleValue[] = [];

  set(key: PickleValue, value: PickleValue): void {
    this.keys.push(key);
    this.values.push(value);
  }

  get(name: string): PickleValue | undefined {
    const index = this.keys.lastIndexOf(name);
    return index < 0 ? undefined : this.values[index];
  }

  /** What is under keys that are text; of equal keys the last one counts, as in Python. */
  texts(): ReadonlyMap<string, PickleValue> {
    const entries = new Map<string, PickleValue>();
    this.keys.forEach((key, index) => {
      if (typeof key === 'string') entries.set(key, this.values[index]!);
    });
    return entries;
  }
}

/** The name of a class or a function. It is never looked up. */
export class GlobalName {
  constructor(readonly path: string) {}
}

/** What a class or a function that is not known here would have made. */
export class ForeignObject {
  /** Its `__dict__`, where the pickle gives it one. */
  state?: PickleValue;
  /** What it holds, where it is a dictionary of its own class. */
  items?: PickleDict;

  constructor(readonly path: string) {}
}

/** A type of numbers of PyTorch; `dtype` is left out where no weight here can be of it. */
export interface TorchType {
  readonly name: string;
  readonly bytes: number;
  readonly dtype?: DType;
}

/** Numbers one after the other, kept apart from the pickle under a key. */
export class StorageValue {
  constructor(
    readonly key: string,
    readonly type: TorchType,
    /** Of numbers. */
    readonly length: number,
    /** Where it begins in what the key names, in numbers. */
    readonly start: number,
    /** Of all that the key names, in numbers of `type`. */
    readonly keyLength: number,
  ) {}
}

/** A tensor: a strided view of a storage. Offset and strides count numbers. */
export class TensorValue {
  constructor(
    readonly storage: StorageValue,
    readonly type: TorchType,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
    readonly requiresGrad: boolean,
    /** Why its numbers are not simply what is stored. */
    readonly problem?: string,
  ) {}
}

/** The items of a tuple or a list; `undefined` for anything else. */
export function sequence(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  return value instanceof PickleTuple || value instanceof PickleList ? value.items : undefined;
}

/** What a value is, in words for a message. */
export function describeValue(value: PickleValue | undefined): string {
  if (value === undefined) return t('nothing');
  if (value === null) return 'None';
  if (typeof value === 'string') return t('the text {0}', JSON.stringify(value.slice(0, 40)));
  if (typeof value !== 'object') return String(value).slice(0, 40);
  if (value instanceof PickleList) return t('a list');
  if (value instanceof PickleTuple) return t('a tuple');
  if (value instanceof PickleDict) return t('a dictionary');
  if (value instanceof GlobalName) return t('the name {0}', value.path);
  if (value instanceof ForeignObject) return t('an object of {0}', value.path);
  if (value instanceof StorageValue) return t('a storage');
  return value instanceof TensorValue ? t('a tensor') : t('bytes');
}
