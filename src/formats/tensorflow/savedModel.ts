import path from 'node:path';
import { Failure, type Fault } from '../../core/failure';
import { scanFields, WireSource } from '../protobuf/wireSource';
import type { WireRange } from '../protobuf/wire';
import { isFile } from '../byteSource';
import type { ModelFile } from '../format';
import { readBundle } from './bundle';
import { drawSignature } from './drawSignature';
import type { Signature } from './graphDef';
import { KERAS_METADATA_FILE, readKerasModel } from './kerasMetadata';
import { readMetaGraph, type MetaGraph } from './metaGraph';
import { VARIABLES_INDEX } from './savedModelFiles';
import { t } from '../../l10n/translate';

/** The signature that a server calls where nobody says which; then any. */
const DEFAULT_SIGNATURES = ['serving_default', 'serve', 'default'];

/**
 * Reads a SavedModel: as the Keras model that it was where Keras 2 says so, else as the function that it serves, its
 * operations made into layers. Variables are found in the checkpoint beside it.
 * @throws Failure of kind `input`
 */
export async function readSavedModel(file: string): Promise<ModelFile> {
  const source = await WireSource.open(file);
  try {
    const { meta, others } = await servingGraph(source);
    const index = path.join(path.dirname(file), VARIABLES_INDEX);
    const bundle = (await isFile(index)) ? await readBundle(index) : undefined;
    const described = path.join(path.dirname(file), KERAS_METADATA_FILE);
    const unused: Fault[] = [];
    if (bundle && (await isFile(described))) {
      try {
        const { graph, report } = await readKerasModel(described, bundle);
        return { format: 'savedmodel', path: file, graph, report };
      } catch (cause) {
        if (!(cause instanceof Failure)) throw cause;
        unused.push(noKerasModel(cause));
      }
    }
    const { name, signature } = chooseSignature(meta, file);
    const drawn = drawSignature(
      path.basename(path.dirname(path.resolve(file))),
      meta.graph,
      signature,
      bundle,
    );
    const report: Fault[] = [...unused, ...others, ...notDrawn(meta, name), ...drawn.report];
    return { format: 'savedmodel', path: file, graph: drawn.graph, report };
  } finally {
    await source.close();
  }
}

/** Of several graphs (for training and for serving), the one for serving. */
async function servingGraph(source: WireSource): Promise<{ meta: MetaGraph; others: readonly Fault[] }> {
  const ranges: WireRange[] = (await scanFields(source, source.whole)).filter(
    (field) => field.number === 2 && field.type === 'bytes',
  );
  const [first, ...more] = ranges;
  if (!first) throw noModel(source.path, t('no graph in it'));
  if (more.length === 0) return { meta: await readMetaGraph(source, first), others: [] };
  const metas = [];
  for (const range of ranges.slice(0, MAX_META_GRAPHS)) metas.push(await readMetaGraph(source, range));
  // A module of TensorFlow Hub's first format is served by the graph that has no tags.
  const meta =
    metas.find(({ tags }) => tags.includes('serve')) ??
    metas.find(({ tags }) => !tags.includes('train')) ??
    metas[0]!;
  return {
    meta,
    others: [
      {
        severity: 'warning',
        code: 'GRAPH_PART_NOT_SHOWN',
        message: t(
          'the file has {0} graphs; the one with the tags {1} is shown',
          ranges.length,
          meta.tags.join(', ') || t('(none)'),
        ),
      },
    ],
  };
}

/** Graphs with tags of their own; published ones have two. */
const MAX_META_GRAPHS = 8;

function chooseSignature(
  { signatures, graph }: MetaGraph,
  file: string,
): { readonly name: string; readonly signature: Signature } {
  const usable = [...signatures].filter(
    ([, { outputs }]) => outputs.length > 0 && outputs.every(({ name }) => name.includes(':')),
  );
  const named = DEFAULT_SIGNATURES.flatMap((name) => usable.filter(([key]) => key === name));
  const [name, signature] = named[0] ?? usable[0] ?? [];
  if (name !== undefined && signature) return { name, signature };
  throw noModel(
    file,
    t('a graph of {0} operations without a signature that says what it gives', graph.nodes.length),
  );
}

function notDrawn({ signatures }: MetaGraph, shown: string): readonly Fault[] {
  const others = [...signatures.keys()].filter(
    (name) => name !== shown && !name.startsWith('__') && name !== 'serve',
  );
  if (others.length === 0) return [];
  const listed = others.slice(0, 5).join(', ');
  return [
    {
      severity: 'warning',
      code: 'GRAPH_PART_NOT_SHOWN',
      message: t('what is shown is the signature {0}; the file has others too: {1}', shown, listed),
    },
  ];
}

function noKerasModel({ message }: Failure): Fault {
  return {
    severity: 'warning',
    code: 'KERAS_METADATA_UNUSED',
    message: t(
      'what Keras says of the model cannot be used ({0}); the function that it serves is shown instead',
      message,
    ),
  };
}

function noModel(file: string, found: string): Failure {
  return new Failure(
    'input',
    'NOT_A_MODEL',
    t(
      '{0}: found {1}, expected a SavedModel with a signature, as model.export or tf.saved_model.save writes it',
      file,
      found,
    ),
    { path: file },
  );
}
