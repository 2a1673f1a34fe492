import { t } from '../../l10n/translate';
import { MAX_RANK } from './bounds';
import { isForbidden } from './forbidden';
import type { PickleMeaning } from './pickle/machine';
import { PickleError } from './pickle/pickleError';
import {
  describeValue,
  ForeignObject,
  GlobalName,
  PickleDict,
  PickleList,
  PickleTuple,
  sequence,
  StorageValue,
  TensorValue,
  type PickleValue,
  type TorchType,
} from './pickle/values';
import { dtypeAt, storageTypeAt } from './types';

type Args = readonly PickleValue[];

/** All that a pickle may call, and what is made of it. Whatever else it names becomes a `ForeignObject`. */
const KNOWN: Readonly<Record<string, (args: Args) => PickleValue>> = {
  'collections.OrderedDict': ([pairs]) => toDict(pairs),
  'collections.Counter': ([pairs]) => toDict(pairs),
  'collections.defaultdict': ([, pairs]) => toDict(pairs),
  'torch.Size': ([sizes]) => new PickleTuple(sequence(sizes) ?? []),
  'torch.device': ([name]) => name ?? null,
  'torch.nn.parameter.Parameter': ([data, requiresGrad]) => toParameter(data, requiresGrad),
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': ([storage, offset, sizes, strides, grad, , dtype, metadata]) =>
    rebuildTensor([storage!, offset!, sizes!, strides!, grad!, null, metadata ?? null], toType(dtype)),
  'torch._utils._rebuild_parameter': ([data, requiresGrad]) => toParameter(data, requiresGrad),
  'torch._utils._rebuild_parameter_with_state': ([data, requiresGrad]) => toParameter(data, requiresGrad),
  'torch._tensor._rebuild_from_type_v2': rebuildFromType,
  // What a parameter was before 0.4.
  'torch.autograd.variable.Variable': ([data]) => toParameter(data, false),
  'copyreg._reconstructor': ([type]) => new ForeignObject(nameOf(type)),
  'copy_reg._reconstructor': ([type]) => new ForeignObject(nameOf(type)),
  ...Object.fromEntries(
    ['builtins', '__builtin__'].flatMap((module) =>
      ['set', 'frozenset', 'list', 'tuple'].map((name) => [`${module}.${name}`, toList] as const),
    ),
  ),
};

/** Classes of tensors that add nothing to what is stored. */
const PLAIN_TENSORS: ReadonlySet<string> = new Set([
  'torch.Tensor',
  'torch._tensor.Tensor',
  'torch.nn.parameter.Parameter',
  'torch.nn.parameter.Buffer',
]);

/** What a pickle names and refers to, told as it is read. */
export interface TorchMeaning extends PickleMeaning {
  /** Storages by key, as first referred to. */
  readonly storages: ReadonlyMap<string, StorageValue>;
  /** Classes and functions whose objects were not made. */
  readonly foreign: ReadonlySet<string>;
}

/** How PyTorch's pickles are to be understood. */
export function torchMeaning(): TorchMeaning {
  const storages = new Map<string, StorageValue>();
  const foreign = new Set<string>();
  return {
    storages,
    foreign,
    name(module, name) {
      const path = `${module}.${name}`;
      if (!isForbidden(path)) return new GlobalName(path);
      throw new PickleError(
        'PICKLE_FORBIDDEN',
        t('the name {0}', path),
        t('a model, which has no use for it'),
      );
    },
    call(callee, args) {
      const made = call(callee, args);
      if (made instanceof ForeignObject) foreign.add(made.path);
      return made;
    },
    build(target, state) {
      // An ordered dictionary's state is a state dict's metadata, a tensor's what people hung on it.
      if (target instanceof ForeignObject) target.state = state;
    },
    persistent(id) {
      const fields = sequence(id) ?? [];
      const [tag, first] = fields;
      // A class with its source code, as older versions kept it.
      if (tag === 'module') return first ?? null;
      if (tag !== 'storage') {
        throw new PickleError(
          'PICKLE_INVALID',
          t('a reference to {0}', describeValue(tag)),
          t('one to a storage'),
        );
      }
      const storage = toStorage(fields);
      if (!storages.has(storage.key)) storages.set(storage.key, storage);
      return storage;
    },
  };
}

function call(callee: PickleValue, args: Args): PickleValue {
  const path = nameOf(callee);
  const make = Object.hasOwn(KNOWN, path) ? KNOWN[path] : undefined;
  return make && callee instanceof GlobalName ? make(args) : new ForeignObject(path);
}

/** The failure to make a tensor of something whose class only its own program knows. */
function needsClass(path: string): PickleError {
  return new PickleError(
    'PICKLE_CLASS',
    t('a tensor that needs the class {0}', path),
    t('plain tensors; in PyTorch, save model.state_dict()'),
  );
}

function nameOf(value: PickleValue | undefined): string {
  if (value instanceof GlobalName || value instanceof ForeignObject) return value.path;
  throw new PickleError(
    'PICKLE_INVALID',
    t('a call of {0}', describeValue(value)),
    t('one of a class or function'),
  );
}

/** (storage, offset, sizes, strides, requires_grad, backward_hooks, metadata) */
function rebuildTensor(args: Args, type?: TorchType): TensorValue {
  const [storage, offset, sizes, strides, requiresGrad, , metadata] = args;
  if (storage instanceof ForeignObject) throw needsClass(storage.path);
  if (!(storage instanceof StorageValue)) throw bad(storage, t('a storage'));
  const shape = toIndices(sizes);
  const steps = toIndices(strides);
  if (shape.length !== steps.length) {
    throw new PickleError(
      'PICKLE_INVALID',
      t('a tensor of {0} sizes and {1} strides', shape.length, steps.length),
      t('as many of each'),
    );
  }
  const flags = metadata instanceof PickleDict && metadata.keys.length <= MAX_RANK ? metadata : undefined;
  const flipped = ['neg', 'conj'].find((key) => flags?.get(key) === true);
  return new TensorValue(
    storage,
    type ?? storage.type,
    toIndex(offset),
    shape,
    steps,
    requiresGrad === true,
    flipped === 'neg' ? t('it is a lazily negated view') : flipped && t('it is a lazily conjugated view'),
  );
}

/** (function, type, arguments, state): a tensor of a class derived from PyTorch's. */
function rebuildFromType([make, type, args]: Args): PickleValue {
  const path = nameOf(type);
  if (!PLAIN_TENSORS.has(path)) return new ForeignObject(path);
  return call(make ?? null, sequence(args) ?? []);
}

function toParameter(data: PickleValue | undefined, requiresGrad: PickleValue | undefined): PickleValue {
  if (data instanceof ForeignObject) return data;
  const { storage, type, offset, shape, strides, problem } = asTensor(data);
  return new TensorValue(storage, type, offset, shape, strides, requiresGrad !== false, problem);
}

function asTensor(value: PickleValue | undefined): TensorValue {
  if (value instanceof TensorValue) return value;
  if (value instanceof ForeignObject) throw needsClass(value.path);
  throw bad(value, t('a tensor'));
}

/** ('storage', type, key, location, length, [view key, offset, length]) */
function toStorage([, typeName, key, , length, view]: Args): StorageValue {
  const type = typeName instanceof GlobalName ? storageTypeAt(typeName.path) : undefined;
  if (!type) throw bad(typeName ?? null, t('a type of storage'));
  if (typeof key !== 'string') throw bad(key, t("a storage's key"));
  const keyLength = toIndex(length);
  const part = sequence(view ?? null);
  if (!part) return new StorageValue(key, type, keyLength, 0, keyLength);
  const [, start, partLength] = part;
  const value = new StorageValue(key, type, toIndex(partLength), toIndex(start), keyLength);
  if (value.start + value.length <= keyLength) return value;
  throw new PickleError(
    'PICKLE_INVALID',
    t('a view up to number {0} of a storage of {1}', value.start + value.length, keyLength),
    t('one inside it'),
  );
}

function toType(value: PickleValue | undefined): TorchType {
  const type = value instanceof GlobalName ? dtypeAt(value.path) : undefined;
  if (type) return type;
  throw bad(value, t('a type of numbers'));
}

function toIndices(value: PickleValue | undefined): readonly number[] {
  const items = sequence(value);
  if (!items) throw bad(value, t('sizes'));
  if (items.length > MAX_RANK) {
    throw new PickleError(
      'PICKLE_INVALID',
      t('a tensor of {0} sizes', items.length),
      t('at most {0}', MAX_RANK),
    );
  }
  return items.map(toIndex);
}

function toIndex(value: PickleValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw bad(value, t('a whole number of at least 0'));
}

/** Of each list of pairs, so that a pickle that names one a million times does not have it copied as often. */
const DICTS = new WeakMap<object, PickleDict>();

function toDict(pairs: PickleValue | undefined): PickleDict {
  const items = sequence(pairs);
  if (!items || items.length === 0) return pairs instanceof PickleDict ? pairs : new PickleDict();
  const known = DICTS.get(items);
  if (known) return known;
  const dict = new PickleDict();
  DICTS.set(items, dict);
  for (const pair of items) {
    const [key, value] = sequence(pair) ?? [];
    if (key === undefined || value === undefined) throw bad(pair, t('a key and its value'));
    dict.set(key, value);
  }
  return dict;
}

function toList([items]: Args): PickleValue {
  return items instanceof PickleList || items instanceof PickleTuple ? items : new PickleList();
}

function bad(value: PickleValue | undefined, expected: string): PickleError {
  return value instanceof ForeignObject
    ? needsClass(value.path)
    : new PickleError('PICKLE_INVALID', describeValue(value), expected);
}
