import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { WireWriter } from '../../../../src/formats/protobuf/wireWriter';
import { temporaryFolder } from '../fixtures';

/** What a test says of a tensor; float32, zeros where no bytes are given. */
export interface TensorText {
  readonly name: string;
  readonly dims: readonly number[];
  readonly type?: number;
  readonly raw?: Uint8Array;
  /** Where its numbers are beside the model. */
  readonly external?: Readonly<Record<string, string>>;
}

export interface NodeText {
  readonly op: string;
  readonly name?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly domain?: string;
  readonly ints?: Readonly<Record<string, readonly number[]>>;
  /** Attributes of one whole number. */
  readonly numbers?: Readonly<Record<string, number>>;
}

export interface ModelText {
  readonly nodes?: readonly NodeText[];
  readonly tensors?: readonly TensorText[];
  readonly inputs?: readonly { readonly name: string; readonly dims: readonly number[] }[];
  readonly outputs?: readonly string[];
  readonly opset?: number | null;
  readonly irVersion?: number | null;
}

const message = () => new WireWriter();

function tensor({ name, dims, type = 1, raw, external }: TensorText): WireWriter {
  const writer = message().packedInts(1, dims).int(2, type).text(8, name);
  if (external) {
    for (const [key, value] of Object.entries(external))
      writer.message(13, message().text(1, key).text(2, value));
    return writer.int(14, 1);
  }
  return writer.bytes(9, raw ?? new Uint8Array(4 * dims.reduce((product, size) => product * size, 1)));
}

function node({ op, name, inputs, outputs, domain, ints, numbers }: NodeText): WireWriter {
  const writer = message();
  for (const input of inputs) writer.text(1, input);
  for (const output of outputs) writer.text(2, output);
  if (name !== undefined) writer.text(3, name);
  writer.text(4, op);
  for (const [key, values] of Object.entries(ints ?? {})) {
    writer.message(5, message().text(1, key).packedInts(8, values).int(20, 7));
  }
  for (const [key, value] of Object.entries(numbers ?? {}))
    writer.message(5, message().text(1, key).int(3, value).int(20, 2));
  return domain === undefined ? writer : writer.text(7, domain);
}

function valueInfo(name: string, dims: readonly number[]): WireWriter {
  const shape = message();
  for (const dim of dims) shape.message(1, message().int(1, dim));
  return message()
    .text(1, name)
    .message(2, message().message(1, message().int(1, 1).message(2, shape)));
}

/** The bytes of a model. */
export function modelBytes(model: ModelText): Uint8Array<ArrayBuffer> {
  const { nodes = [], tensors = [], outputs = ['y'], opset = 17, irVersion = 8 } = model;
  const graph = message();
  for (const one of nodes) graph.message(1, node(one));
  graph.text(2, 'made');
  for (const one of tensors) graph.message(5, tensor(one));
  for (const { name, dims } of model.inputs ?? [{ name: 'x', dims: [1, 3, 8, 8] }]) {
    graph.message(11, valueInfo(name, dims));
  }
  for (const name of outputs) graph.message(12, valueInfo(name, []));
  const writer = message();
  if (irVersion !== null) writer.int(1, irVersion);
  if (opset !== null) writer.message(8, message().text(1, '').int(2, opset));
  return writer.message(7, graph).finish();
}

export async function modelFile(model: ModelText | Uint8Array): Promise<string> {
  const file = path.join(await temporaryFolder(), 'model.onnx');
  await writeFile(file, model instanceof Uint8Array ? model : modelBytes(model));
  return file;
}
