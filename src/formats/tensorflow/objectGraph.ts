import { Failure } from '../../core/failure';
import { int64Of, type WireRange } from '../protobuf/wire';
import { scanFields, WireSource } from '../protobuf/wireSource';
import { MAX_OBJECT_DEPTH, MAX_OBJECTS } from './bounds';
import { t } from '../../l10n/translate';

/** Under this name an object-based checkpoint keeps how its objects hang together. */
export const OBJECT_GRAPH_KEY = '_CHECKPOINTABLE_OBJECT_GRAPH';

/** An object that was saved (tensorflow/core/protobuf/trackable_object_graph.proto). */
export interface TrackedObject {
  readonly children: readonly { readonly name: string; readonly object: number }[];
  /** Values that it keeps: the name that the variable has by itself, and the one in the checkpoint. */
  readonly attributes: readonly { readonly fullName: string; readonly key: string }[];
  /** What an optimizer keeps for its variables. */
  readonly slots: readonly number[];
}

/** @throws Failure `BUNDLE_CORRUPT` for objects that are not there */
export async function readObjectGraph(bytes: Uint8Array<ArrayBuffer>): Promise<readonly TrackedObject[]> {
  const source = WireSource.of(bytes, OBJECT_GRAPH_KEY);
  const objects: TrackedObject[] = [];
  for (const field of await scanFields(source, source.whole)) {
    if (field.number === 1) objects.push(await readObject(source, field));
    if (objects.length > MAX_OBJECTS) throw bad(t('more than {0} objects', MAX_OBJECTS), t('fewer'));
  }
  for (const { children, slots } of objects) {
    for (const index of [...children.map(({ object }) => object), ...slots]) {
      if (!(index >= 0 && index < objects.length)) {
        throw bad(t('object {0}', index), t('one of the {0}', objects.length));
      }
    }
  }
  return objects;
}

async function readObject(source: WireSource, range: WireRange): Promise<TrackedObject> {
  const children: { name: string; object: number }[] = [];
  const attributes: { fullName: string; key: string }[] = [];
  const slots: number[] = [];
  for (const field of await scanFields(source, range)) {
    const inner = field.type === 'bytes' ? await scanFields(source, field) : [];
    const texts = async (number: number) => {
      const found = inner.findLast((one) => one.number === number);
      return found ? source.text(found) : '';
    };
    const index = (number: number) =>
      int64Of(inner.findLast((one) => one.number === number)?.value ?? 0n, t('the number of an object'));
    if (field.number === 1) children.push({ object: index(1), name: await texts(2) });
    if (field.number === 2) attributes.push({ fullName: await texts(2), key: await texts(3) });
    if (field.number === 3) slots.push(index(3));
  }
  return { children, attributes, slots };
}

/** The shortest way from the root to each object, by the names of children; through some of them only where told. */
export function pathsFromRoot(
  objects: readonly TrackedObject[],
  follow: (child: string) => boolean,
): ReadonlyMap<number, readonly string[]> {
  const paths = new Map<number, readonly string[]>();
  if (objects.length === 0) return paths;
  paths.set(0, []);
  // A map is walked in the order of insertion, also while it grows: breadth first.
  for (const [index, path] of paths) {
    for (const { name, object } of objects[index]!.children) {
      if (!paths.has(object) && path.length < MAX_OBJECT_DEPTH && follow(name))
        paths.set(object, [...path, name]);
    }
  }
  return paths;
}

function bad(found: string, expected: string): Failure {
  return new Failure(
    'input',
    'BUNDLE_CORRUPT',
    t('the object graph: found {0}, expected {1}', found, expected),
  );
}
