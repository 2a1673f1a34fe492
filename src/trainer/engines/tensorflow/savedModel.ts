import { WireWriter } from '../../../formats/protobuf/wireWriter';
import type { Attr, TensorflowBackend } from './operation';
import type { Constant, Operation, Placeholder, Recording, Source } from './recording';

/** Source of the numbers of fields: tensorflow/core/protobuf/saved_model.proto, meta_graph.proto, framework/*.proto. */

/** DataType, framework/types.proto. */
const TYPES = { float32: 1, int32: 3, bool: 10 } as const;

/** The oldest producer whose graphs mean what today's do. */
const PRODUCER = 1000;

type Binding = TensorflowBackend['binding'];

/** A recording as the bytes of a `saved_model.pb`. */
export function savedModelOf(recording: Recording, tag: string, binding: Binding): Uint8Array {
  const graph = new WireWriter();
  for (const placeholder of recording.placeholders) graph.message(1, placeholderNode(placeholder));
  for (const constant of recording.constants) graph.message(1, constantNode(constant));
  for (const operation of recording.operations) graph.message(1, operationNode(operation, binding));
  graph.message(4, new WireWriter().int(1, PRODUCER));
  const metaGraph = new WireWriter().message(1, new WireWriter().text(4, tag)).message(2, graph);
  return new WireWriter().int(1, 1).message(2, metaGraph).finish();
}

function node(name: string, kind: string, inputs: readonly Source[]): WireWriter {
  const written = new WireWriter().text(1, name).text(2, kind);
  for (const { node: from, output } of inputs) written.text(3, `${from}:${output}`);
  return written;
}

function placeholderNode({ name, shape }: Placeholder): WireWriter {
  return node(name, 'Placeholder', [])
    .message(5, attr('dtype', new WireWriter().int(6, TYPES.float32)))
    .message(5, attr('shape', new WireWriter().message(7, shapeOf(shape))));
}

function constantNode({ name, dtype, shape, values }: Constant): WireWriter {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const tensor = new WireWriter().int(1, TYPES[dtype]).message(2, shapeOf(shape)).bytes(4, bytes);
  return node(name, 'Const', [])
    .message(5, attr('dtype', new WireWriter().int(6, TYPES[dtype])))
    .message(5, attr('value', new WireWriter().message(8, tensor)));
}

function operationNode({ name, kind, attrs, inputs }: Operation, binding: Binding): WireWriter {
  const written = node(name, kind, inputs);
  for (const one of attrs) written.message(5, attr(one.name, valueOf(one, binding)));
  return written;
}

const attr = (name: string, value: WireWriter): WireWriter =>
  new WireWriter().text(1, name).message(2, value);

function shapeOf(shape: readonly number[]): WireWriter {
  const written = new WireWriter();
  for (const size of shape) written.message(2, new WireWriter().int(1, size));
  return written;
}

/** AttrValue, framework/attr_value.proto. Its list has the same kinds of values under the same numbers. */
function valueOf({ type, value }: Attr, binding: Binding): WireWriter {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  const written = new WireWriter();
  if (type === binding.TF_ATTR_SHAPE) return written.message(7, shapeOf(values as number[]));
  for (const one of values) {
    if (type === binding.TF_ATTR_STRING) written.text(2, String(one));
    else if (type === binding.TF_ATTR_INT) written.int(3, Number(one));
    else if (type === binding.TF_ATTR_FLOAT) written.float(4, Number(one));
    else if (type === binding.TF_ATTR_BOOL) written.int(5, one === true ? 1 : 0);
    else written.int(6, Number(one));
  }
  return Array.isArray(value) ? new WireWriter().message(1, written) : written;
}
