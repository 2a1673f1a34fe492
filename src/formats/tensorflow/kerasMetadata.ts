import { Failure } from '../../core/failure';
import { attachWeights, type StoredWeight } from '../keras/attachWeights';
import { isJsonRecord, parseJson } from '../keras/json';
import { readKerasGraph, type KerasGraph } from '../keras/readGraph';
import { scanFields, WireSource } from '../protobuf/wireSource';
import { readScalarText, type TensorBundle } from './bundle';
import { OBJECT_GRAPH_KEY, readObjectGraph } from './objectGraph';
import { t } from '../../l10n/translate';

/** What Keras 2 wrote beside a SavedModel: the configurations of the model and its layers. */
export const KERAS_METADATA_FILE = 'keras_metadata.pb';

/** The object that all others belong to, in Keras's `SavedMetadata`. */
const ROOT = 'root';

/**
 * The model as Keras 2 described it, its weights found by the names of their variables, `conv/kernel`.
 * @throws Failure of kind `input` where it is no model that can be built from its configuration (a subclass of `Model`)
 */
export async function readKerasModel(file: string, bundle: TensorBundle): Promise<KerasGraph> {
  const source = await WireSource.open(file);
  try {
    return attachWeights(readKerasGraph(await rootConfig(source), true), [
      { weights: await variables(bundle) },
    ]);
  } finally {
    await source.close();
  }
}

/** keras/protobuf/saved_metadata.proto: objects with a path, and a configuration as JSON. */
async function rootConfig(source: WireSource): Promise<unknown> {
  for (const node of await scanFields(source, source.whole)) {
    if (node.number !== 1 || node.type !== 'bytes') continue;
    const fields = await scanFields(source, node);
    const text = async (number: number) => {
      const field = fields.findLast((one) => one.number === number);
      return field ? source.text(field) : '';
    };
    if ((await text(3)) !== ROOT) continue;
    const metadata = parseJson(await text(5), `${source.path}, ${ROOT}`);
    if (!isJsonRecord(metadata)) break;
    const { model_config: model, class_name, config } = metadata;
    return model ?? { class_name, config };
  }
  throw new Failure(
    'input',
    'MODEL_CONFIG',
    t('{0}: found no configuration of the whole model', source.path),
  );
}

async function variables(bundle: TensorBundle): Promise<readonly StoredWeight[]> {
  const graph = bundle.tensors.get(OBJECT_GRAPH_KEY);
  const objects = graph ? await readObjectGraph(await readScalarText(graph, bundle.path)) : [];
  return objects.flatMap(({ attributes }) =>
    attributes.flatMap(({ fullName, key }): readonly StoredWeight[] => {
      const tensor = bundle.tensors.get(key);
      // What has a name without a layer before it counts steps.
      if (!tensor?.dtype || !fullName.includes('/') || key.startsWith('optimizer/')) return [];
      if (key.includes('/.OPTIMIZER_SLOT/') || key.startsWith('keras_api/')) return [];
      const { dtype, shape, ranges } = tensor;
      return [{ path: fullName, shape, dtype, source: { from: 'ranges', ranges } }];
    }),
  );
}
