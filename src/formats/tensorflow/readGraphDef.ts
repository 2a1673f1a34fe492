import { Failure } from '../../core/failure';
import { floatOf, int64Of, type WireField, type WireRange } from '../protobuf/wire';
import { scanFields, type WireSource } from '../protobuf/wireSource';
import { MAX_NODES } from './bounds';
import type { Attribute, GraphDef, GraphFunction, GraphNode } from './graphDef';
import { readTensor } from './tensorProto';
import { readShape } from './tensorShape';
import { t } from '../../l10n/translate';

/** A `GraphDef`: its operations and functions. Constants stay in the file. */
export async function readGraphDef(source: WireSource, range: WireRange): Promise<GraphDef> {
  const nodes: GraphNode[] = [];
  const functions = new Map<string, GraphFunction>();
  let count = 0;
  const spend = (more: number): void => {
    count += more;
    if (count <= MAX_NODES) return;
    throw new Failure(
      'input',
      'MODEL_TOO_LARGE',
      t('found more than {0} operations, expected at most so many', MAX_NODES),
    );
  };
  for (const field of await scanFields(source, range)) {
    if (field.number === 1) {
      spend(1);
      nodes.push(await readNode(source, field));
    }
    if (field.number !== 2) continue;
    for (const inner of await scanFields(source, field)) {
      if (inner.number !== 1) continue;
      const read = await readFunction(source, inner);
      spend(read.nodes.length);
      functions.set(read.name, read);
    }
  }
  return { nodes, functions };
}

async function readNode(source: WireSource, range: WireRange): Promise<GraphNode> {
  let name = '';
  let op = '';
  const inputs: string[] = [];
  const attributes = new Map<string, Attribute>();
  for (const field of await scanFields(source, range)) {
    if (field.number === 1) name = await source.text(field);
    else if (field.number === 2) op = await source.text(field);
    else if (field.number === 3) inputs.push(await source.text(field));
    else if (field.number === 5) {
      const { key, value } = await readMapEntry(source, field);
      // What begins with a line is TensorFlow's own bookkeeping: shapes it inferred, devices.
      if (value && !key.startsWith('_')) attributes.set(key, await readAttribute(source, value));
    }
  }
  return { name, op, inputs, attributes };
}

/** A map is a list of messages of a key and a value. */
export async function readMapEntry(source: WireSource, range: WireRange) {
  let key = '';
  let value: WireField | undefined;
  for (const field of await scanFields(source, range)) {
    if (field.number === 1) key = await source.text(field);
    if (field.number === 2) value = field;
  }
  return { key, value };
}

/** Fields of an `AttrValue`; a list has the same ones but for functions. */
async function readAttribute(source: WireSource, range: WireRange): Promise<Attribute> {
  for (const field of await scanFields(source, range)) {
    if (field.number === 1) {
      const list: Attribute[] = [];
      for (const item of await scanFields(source, field)) {
        if (item.type === 'bytes' && (item.number === 3 || item.number === 6)) {
          for (const value of await source.packedInts(item)) {
            list.push(item.number === 3 ? { number: value } : { type: value });
          }
        } else if (item.type === 'bytes' && item.number === 4) {
          for (const value of await source.packedFloats(item)) list.push({ number: value });
        } else if (item.type === 'bytes' && item.number === 5) {
          for (const value of await source.packedInts(item)) list.push({ flag: value !== 0 });
        } else {
          list.push(await readValue(source, item, 9));
        }
      }
      return { list };
    }
    return readValue(source, field, 10);
  }
  return {};
}

async function readValue(source: WireSource, field: WireField, functionField: number): Promise<Attribute> {
  switch (field.number) {
    case 2:
      return { text: new TextDecoder().decode(await source.bytes(field)) };
    case 3:
      return { number: int64Of(field.value, t('a setting')) };
    case 4:
      return { number: floatOf(field.value) };
    case 5:
      return { flag: field.value !== 0n };
    case 6:
      return { type: int64Of(field.value, t('a type')) };
    case 7:
      return { shape: (await readShape(source, field)) ?? 'unranked' };
    case 8:
      return { tensor: await readTensor(source, field) };
    case functionField: {
      const name = (await scanFields(source, field)).find(({ number }) => number === 1);
      return name ? { function: await source.text(name) } : {};
    }
    default:
      return {};
  }
}

async function readFunction(source: WireSource, range: WireRange): Promise<GraphFunction> {
  let name = '';
  const inputs: string[] = [];
  const outputs: string[] = [];
  const nodes: GraphNode[] = [];
  const returns = new Map<string, string>();
  for (const field of await scanFields(source, range)) {
    if (field.number === 1) {
      for (const inner of await scanFields(source, field)) {
        if (inner.number === 1) name = await source.text(inner);
        if (inner.number === 2) inputs.push(await readArgument(source, inner));
        if (inner.number === 3) outputs.push(await readArgument(source, inner));
      }
    }
    if (field.number === 3) nodes.push(await readNode(source, field));
    if (field.number === 4) {
      const { key, value } = await readMapEntry(source, field);
      if (value) returns.set(key, await source.text(value));
    }
  }
  return { name, inputs, nodes, returns: outputs.map((output) => returns.get(output) ?? output) };
}

async function readArgument(source: WireSource, range: WireRange): Promise<string> {
  const field = (await scanFields(source, range)).find(({ number }) => number === 1);
  return field ? source.text(field) : '';
}
