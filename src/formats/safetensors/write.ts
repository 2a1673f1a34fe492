import { Failure } from '../../core/failure';
import type { Layer, WeightRef } from '../../core/graph/layerGraph';
import type { ModelToWrite } from '../format';
import { kerasOrder } from '../keras/kerasOrder';
import { formatNotes } from '../keras/notes';
import { writeModelConfig } from '../keras/writeConfig';
import { replaceWhole } from '../replaceFile';
import { tensorName } from './architecture';
import { METADATA } from './header';
import { CONFIG_KEY, NOTES_KEY } from './read';
import { writeTensors } from './writeTensors';
import { t } from '../../l10n/translate';

interface Entry {
  readonly name: string;
  readonly layer: Layer;
  readonly weight: WeightRef;
}

/**
 * Writes float32 tensors named `layer.weight`, with the model's configuration in the metadata, so that the file opens
 * again as the whole model. Weights are asked for and written one at a time. A graph without outputs is written as the
 * weights that it is.
 * @throws Failure `LAYER_NAME` where two tensors would have one name
 */
export async function writeSafetensors(model: ModelToWrite, target: string): Promise<void> {
  const { graph } = model;
  const whole = graph.outputs.length > 0;
  const entries = (whole ? kerasOrder(graph) : graph.layers).flatMap((layer) =>
    layer.weights.map((weight): Entry => ({ name: nameOf(layer, weight, whole), layer, weight })),
  );
  refuseEqualNames(entries);
  const metadata = {
    format: 'keras',
    ...(whole && {
      [CONFIG_KEY]: JSON.stringify(writeModelConfig(graph, 'own')),
      [NOTES_KEY]: formatNotes(graph, model.labels),
    }),
  };
  const tensors = entries.map(({ name, layer, weight }) => ({
    name,
    shape: weight.shape,
    values: () => model.weights(layer.name, weight),
    layer: layer.name,
  }));
  await replaceWhole(target, (temporary) => writeTensors(temporary, tensors, metadata));
}

/** A weight that stood alone in a file of weights is a layer of its own name. */
function nameOf(layer: Layer, weight: WeightRef, whole: boolean): string {
  return !whole && layer.name === weight.name ? weight.name : tensorName(layer.name, weight.name);
}

function refuseEqualNames(entries: readonly Entry[]): void {
  const taken = new Set<string>([METADATA]);
  for (const { name, layer } of entries) {
    if (taken.has(name)) {
      throw new Failure(
        'input',
        'LAYER_NAME',
        t(
          'layer "{0}" cannot be written to safetensors: found the name "{1}" twice, expected names that differ; rename the layer',
          layer.name,
          name,
        ),
        { layer: layer.name },
      );
    }
    taken.add(name);
  }
}
