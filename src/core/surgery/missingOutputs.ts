import { Failure } from '../failure';
import type { LayerId } from '../graph/layerGraph';
import { inputsOf } from '../graph/lookup';
import type { Inferred } from './materialize';
import { t, tn } from '../../l10n/translate';

/**
 * Refuses a change of a layer after which others read what it makes no more: an LSTM's states, once it returns none.
 * Where its shapes are not known, nobody can say, and the fault that hides them is shown.
 *
 * @throws Failure `OUTPUT_MISSING`
 */
export function refuseMissingOutputs({ graph, inference }: Inferred, changed: LayerId): void {
  const made = inference.shapes.get(changed) ?? [];
  const layer = graph.layers.find(({ id }) => id === changed);
  const readers = [
    ...graph.layers.map((reader) => ({ name: `"${reader.name}"`, tensors: inputsOf(reader) })),
    { name: t("the model's output"), tensors: graph.outputs },
  ];
  for (const { name, tensors } of readers) {
    for (const tensor of tensors) {
      const count = tensor.layer === changed ? made[tensor.call]?.length : undefined;
      if (count === undefined || tensor.output < count) continue;
      throw new Failure(
        'input',
        'OUTPUT_MISSING',
        tn(
          count,
          '"{0}" would make {1} tensor, and {2} reads number {3}; cut what reads it away first',
          '"{0}" would make {1} tensors, and {2} reads number {3}; cut what reads it away first',
          layer?.name ?? changed,
          count,
          name,
          tensor.output + 1,
        ),
        layer && { layer: layer.name },
      );
    }
  }
}
