import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { inferShapes, shapeOf } from '../../core/graph/infer';
import {
  tensorKey,
  type Layer,
  type LayerGraph,
  type Shape,
  type TensorRef,
} from '../../core/graph/layerGraph';
import { layersById } from '../../core/graph/lookup';
import { orderCalls } from '../../core/graph/order';
import type { ModelToWrite } from '../format';
import { formatNotes } from '../keras/notes';
import { WireWriter } from '../protobuf/wireWriter';
import { replaceWhole } from '../replaceFile';
import { MAX_MODEL_BYTES } from './bounds';
import { NOTES_KEY } from './read';
import { Draft, LayerCall, type Held, type Tensor } from './writing/draft';
import { WRITERS } from './writing/registry';
import { t } from '../../l10n/translate';

/** The oldest that has every operator written here, so that the most programs can open the file. */
const OPSET = 17;

/** The version of ONNX's format that came with that opset. */
const IR_VERSION = 8;

const LAYOUT =
  'inputs and outputs have their channels last, as in Keras; images have them first between two Transposes';

/** TensorProto's data_location for numbers in another file. */
const EXTERNAL = 1;

/** Fewer bytes stay in the model, as onnx's own tools have it. */
const MIN_EXTERNAL_BYTES = 1024;

/** Where a tensor's numbers may begin, so that programs can map them into memory. */
const DATA_ALIGNMENT = 4096;

/** Data types of TensorProto. */
const TYPE = { float32: 1, int64: 7 } as const;

/**
 * Writes an ONNX model of opset 17 whose inputs and outputs are those of the layer graph, channels last. Weights are
 * asked for and written one at a time; where one file would be larger than `limit` they go to a file beside the model,
 * of its name and `.data`.
 * @throws Failure `ONNX_LAYER` that names a layer which cannot be expressed, `ONNX_TOO_LARGE`, `FILE_EXISTS` where the
 * file for the weights is something else's
 */
export async function writeOnnx(model: ModelToWrite, target: string, limit = MAX_MODEL_BYTES): Promise<void> {
  const dataFile = `${target}.data`;
  const { outside, chunks } = layOut(model, limit, path.basename(dataFile));
  await replaceWhole(target, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      for await (const chunk of chunks()) await file.writeFile(chunk);
    } finally {
      await file.close();
    }
    // The weights get their name before the model that points to them does.
    if (outside.length > 0) await writeData(outside, target, dataFile);
  });
}

/**
 * The model that `writeOnnx` writes, in memory.
 * @throws Failure `ONNX_LAYER`, `ONNX_TOO_LARGE`
 */
export async function encodeOnnx(model: ModelToWrite): Promise<Uint8Array> {
  const { byteLength, chunks } = layOut(model, Infinity, '');
  const bytes = new Uint8Array(byteLength);
  let end = 0;
  for await (const chunk of chunks()) {
    bytes.set(chunk, end);
    end += chunk.byteLength;
  }
  return bytes;
}

/** A model on its way to a file, with what lies in a file beside it. */
interface LaidOut {
  readonly byteLength: number;
  readonly outside: readonly Placed[];
  readonly chunks: () => AsyncGenerator<Uint8Array>;
}

/** @param dataFile the name of the file where weights go if the model's is larger than `limit` */
function layOut(model: ModelToWrite, limit: number, dataFile: string): LaidOut {
  const { draft, inputs, outputs } = draftOf(model);
  const graph = new WireWriter();
  for (const node of draft.nodes) graph.message(1, node);
  graph.text(2, model.graph.name);
  for (const tensor of inputs) graph.message(11, valueInfo(tensor));
  for (const tensor of outputs) graph.message(12, valueInfo(tensor));
  const all = [...draft.held.values()];
  const inside = all.map((tensor) => ({ tensor, head: headOf(tensor) }));
  const sizeOf = (list: readonly Headed[]) =>
    list.reduce((sum, { tensor, head }) => sum + head.byteLength + bytesOf(tensor), graph.byteLength);
  const beside = sizeOf(inside) > limit ? placeBeside(all, dataFile) : undefined;
  const held = beside ? beside.inside : inside;
  for (const { head } of beside?.outside ?? []) graph.concat(head);
  const graphBytes = sizeOf(held);
  const begin = new WireWriter().int(1, IR_VERSION).text(2, 'Model Surgery');
  begin.message(8, new WireWriter().text(1, '').int(2, OPSET));
  const notes = { [NOTES_KEY]: formatNotes(model.graph, model.labels), layout: LAYOUT };
  for (const [key, text] of Object.entries(notes))
    begin.message(14, new WireWriter().text(1, key).text(2, text));
  begin.openField(7, graphBytes);
  const byteLength = begin.byteLength + graphBytes;
  if (byteLength > MAX_MODEL_BYTES) {
    throw new Failure(
      'input',
      'ONNX_TOO_LARGE',
      t(
        'the model takes {0} bytes, expected at most {1} in an ONNX file, beside which its weights would lie; choose another format',
        byteLength,
        MAX_MODEL_BYTES,
      ),
    );
  }
  return {
    byteLength,
    outside: beside?.outside ?? [],
    chunks: async function* () {
      yield begin.finish();
      yield graph.finish();
      for (const { tensor, head } of held) {
        yield head.finish();
        yield await tensor.values();
      }
    },
  };
}

/** A tensor of the file, up to its numbers. */
interface Headed {
  readonly tensor: Held;
  readonly head: WireWriter;
}

/** A tensor whose numbers begin at that byte of the file beside. */
interface Placed extends Headed {
  readonly offset: number;
}

/** Weights go where their file is; sizes and other small constants stay, since programs look at them early. */
function placeBeside(
  all: readonly Held[],
  location: string,
): {
  readonly inside: readonly Headed[];
  readonly outside: readonly Placed[];
} {
  const isSmall = (tensor: Held) => tensor.dtype === 'int64' || bytesOf(tensor) < MIN_EXTERNAL_BYTES;
  const inside = all.filter(isSmall).map((tensor) => ({ tensor, head: headOf(tensor) }));
  let end = 0;
  const outside = all
    .filter((tensor) => !isSmall(tensor))
    .map((tensor) => {
      const offset = Math.ceil(end / DATA_ALIGNMENT) * DATA_ALIGNMENT;
      end = offset + bytesOf(tensor);
      const head = new WireWriter();
      if (tensor.dims.length > 0) head.packedInts(1, tensor.dims);
      head.int(2, TYPE[tensor.dtype]).text(8, tensor.name);
      for (const [key, value] of Object.entries({ location, offset, length: bytesOf(tensor) }))
        head.message(13, new WireWriter().text(1, key).text(2, String(value)));
      head.int(14, EXTERNAL);
      return { tensor, head: new WireWriter().message(5, head), offset };
    });
  return { inside, outside };
}

async function writeData(outside: readonly Placed[], target: string, dataFile: string): Promise<void> {
  const [isThere, isOurs] = await Promise.all([exists(dataFile), exists(target)]);
  if (isThere && !isOurs) {
    throw new Failure(
      'usage',
      'FILE_EXISTS',
      t("{0}: found a file where the model's weights go, expected none; choose another path", dataFile),
      { path: dataFile },
    );
  }
  await replaceWhole(dataFile, async (temporary) => {
    const file = await open(temporary, 'wx');
    try {
      for (const { tensor, offset } of outside) {
        const bytes = await tensor.values();
        await file.write(bytes, 0, bytes.byteLength, offset);
      }
    } finally {
      await file.close();
    }
  });
}

const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );

interface Drafted {
  readonly draft: Draft;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

function draftOf(model: ModelToWrite): Drafted {
  const { graph } = model;
  const draft = new Draft();
  const shapes = inferShapes(graph);
  const byId = layersById(graph);
  const made = new Map<string, Tensor>();
  const shapeAt = (tensor: TensorRef, layer: Layer): Shape => {
    const shape = shapeOf(shapes, tensor);
    if (shape) return shape;
    throw refused(layer, layer.opaque ?? t('what shape comes out of it is not known'));
  };

  const inputs = graph.inputs.map((tensor): Tensor => {
    const layer = byId.get(tensor.layer);
    if (!layer) throw new Error(`input ${tensor.layer} is not a layer of the graph`);
    const shape = shapeAt(tensor, layer);
    made.set(tensorKey(tensor), { name: draft.toFirst(layer.name, layer.name, shape.length), shape });
    return { name: layer.name, shape };
  });
  for (const { layer, call } of orderCalls(graph, { from: graph.outputs }).calls) {
    const output: TensorRef = { layer: layer.id, call, output: 0 };
    if (made.has(tensorKey(output))) continue;
    const shape = shapeAt(output, layer);
    const fed = (layer.calls[call]?.inputs ?? []).map((tensor) => {
      const found = made.get(tensorKey(tensor));
      if (found) return found;
      throw refused(layer, t('it reads a tensor that nothing before it makes'));
    });
    const write = WRITERS.get(layer.kind);
    if (layer.opaque !== undefined || !write) {
      throw refused(layer, layer.opaque ?? t('ONNX has no operator that this program would write for it'));
    }
    const read = model.weights.bind(model, layer.name);
    const names = [write(new LayerCall(draft, layer, layer.config, fed, shape, read))].flat();
    for (const [index, name] of names.entries()) {
      const given = { ...output, output: index };
      made.set(tensorKey(given), { name, shape: shapeAt(given, layer) });
    }
  }
  return { draft, inputs, outputs: outputsOf(graph, draft, made, byId, inputs) };
}

/** Outputs have their layers' names and lie as in the layer graph. */
function outputsOf(
  graph: LayerGraph,
  draft: Draft,
  made: ReadonlyMap<string, Tensor>,
  byId: ReadonlyMap<string, Layer>,
  inputs: readonly Tensor[],
): readonly Tensor[] {
  const taken = new Set(inputs.map(({ name }) => name));
  return graph.outputs.map((tensor) => {
    const found = made.get(tensorKey(tensor));
    if (!found) throw new Error(`output ${tensor.layer} was not written`);
    const stem = byId.get(tensor.layer)?.name ?? 'output';
    let name = stem;
    for (let count = 1; taken.has(name); count++) name = `${stem}_${count}`;
    taken.add(name);
    const isImage = found.shape.length === 4;
    if (isImage) draft.node(`${name}/output`, 'Transpose', [found.name], { perm: [0, 2, 3, 1] }, name);
    else draft.node(`${name}/output`, 'Identity', [found.name], {}, name);
    return { name, shape: found.shape };
  });
}

function refused({ name, kind }: Layer, reason: string): Failure {
  return new Failure(
    'input',
    'ONNX_LAYER',
    t(
      'layer "{0}" ({1}) cannot be written to ONNX: {2}; cut it away or choose another format',
      name,
      kind,
      reason,
    ),
    { layer: name },
  );
}

const bytesOf = ({ dims, dtype }: Held): number =>
  dims.reduce((product, size) => product * size, dtype === 'int64' ? 8 : 4);

/** A tensor up to its numbers, which follow it in the file. */
function headOf(tensor: Held): WireWriter {
  const byteLength = bytesOf(tensor);
  const head = new WireWriter();
  if (tensor.dims.length > 0) head.packedInts(1, tensor.dims);
  head.int(2, TYPE[tensor.dtype]).text(8, tensor.name).openField(9, byteLength);
  return new WireWriter().openField(5, head.byteLength + byteLength).concat(head);
}

/** The name, type and shape of an input or output; a size that is not known has a name of its own. */
function valueInfo({ name, shape }: Tensor): WireWriter {
  const dims = new WireWriter();
  shape.forEach((size, axis) => {
    const dim = new WireWriter();
    if (size === null) dim.text(2, axis === 0 ? 'batch' : `${name}_${axis}`);
    else dim.int(1, size);
    dims.message(1, dim);
  });
  const type = new WireWriter().int(1, TYPE.float32).message(2, dims);
  return new WireWriter().text(1, name).message(2, new WireWriter().message(1, type));
}
