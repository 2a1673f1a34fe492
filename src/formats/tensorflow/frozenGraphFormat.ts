import path from 'node:path';
import type { Fault } from '../../core/failure';
import { t } from '../../l10n/translate';
import { readHead, statFile } from '../byteSource';
import type { Format, ModelFile } from '../format';
import { WireSource } from '../protobuf/wireSource';
import { drawSignature } from './drawSignature';
import { endsOf } from './ends';
import { readGraphDef } from './readGraphDef';
import { VARIABLE_OPS } from './variables';

/** Graphs of TensorFlow by themselves, as freezing writes them: a bare `GraphDef`, its weights constants in it. */
export const frozenGraphFormat: Format = {
  name: 'frozen-graph',
  title: t('TensorFlow frozen graph'),
  extensions: ['.pb'],
  async detect(given) {
    return (await statFile(given)).isFile() && beginsWithNode(await readHead(given, HEAD_BYTES));
  },
  read: readFrozenGraph,
};

/** Enough for the name and the operation of the first node. */
const HEAD_BYTES = 4096;

/** What protobuf puts before a message, bytes or text that is field 1, and field 2. */
const FIRST = 0x0a;
const SECOND = 0x12;

/**
 * Whether the first field is a node, which has a name and the name of an operation: a SavedModel begins with a number,
 * its schema's version, and what Keras writes beside it has nodes that begin with numbers.
 */
function beginsWithNode(head: Uint8Array): boolean {
  const node = head[0] === FIRST ? lengthAt(head, 1) : undefined;
  const name = node && head[node.end] === FIRST ? lengthAt(head, node.end + 1) : undefined;
  const op = name && head[name.end + name.length] === SECOND && lengthAt(head, name.end + name.length + 1);
  if (!node || !name || !op || op.length === 0) return false;
  const text = new TextDecoder().decode(head.subarray(op.end, op.end + op.length));
  return op.end + op.length <= node.end + node.length && /^[A-Za-z_>][\w>]*$/.test(text);
}

function lengthAt(
  bytes: Uint8Array,
  at: number,
): { readonly length: number; readonly end: number } | undefined {
  let length = 0;
  for (let byte = 0; byte < MAX_LENGTH_BYTES; byte++) {
    const value = bytes[at + byte];
    if (value === undefined) return undefined;
    length += (value & 0x7f) * 2 ** (7 * byte);
    if (value < 0x80) return { length, end: at + byte + 1 };
  }
  return undefined;
}

/** A message is at most 2 GiB long, which takes five bytes to say. */
const MAX_LENGTH_BYTES = 5;

/** @throws Failure of kind `input` */
async function readFrozenGraph(file: string): Promise<ModelFile> {
  const source = await WireSource.open(file);
  try {
    const graph = await readGraphDef(source, source.whole);
    const name = path.basename(file, path.extname(file));
    const drawn = drawSignature(name, graph, endsOf(graph, file), undefined);
    const report: Fault[] = [...drawn.report];
    const variable = graph.nodes.find(({ op }) => VARIABLE_OPS.has(op));
    if (variable) {
      report.push({
        severity: 'warning',
        code: 'WEIGHTS_ABSENT',
        message: t(
          'the graph is not frozen: the variable "{0}" and its like have no numbers in it; freeze it, or open its SavedModel',
          variable.name,
        ),
      });
    }
    return { format: 'frozen-graph', path: file, graph: drawn.graph, report };
  } finally {
    await source.close();
  }
}
