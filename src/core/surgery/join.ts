import { Failure } from '../failure';
import type { Layer } from '../graph/layerGraph';
import type { Shape } from '../graph/layerGraph';
import { showShape } from '../layers/kind';
import type { Inferred, LostWeights } from './materialize';
import { inputShapes } from './materialize';
import { t } from '../../l10n/translate';

/**
 * Refuses a removal whose neighbours do not fit: a layer that cannot take what it is fed now, or whose weights were
 * trained on another shape. (Cutting and grafting anew says the same wish without losing weights in silence.)
 */
export function refuseMisfits(
  before: Inferred,
  after: Inferred,
  lost: readonly LostWeights[],
  removed: readonly string[],
): void {
  const faultsBefore = new Set(errorsOf(before).map((fault) => fault.layer));
  const fault = errorsOf(after).find((found) => !faultsBefore.has(found.layer));
  const misfit = after.graph.layers.find((layer) => layer.name === fault?.layer);
  if (fault && misfit) refuse(before, after, misfit, removed, fault.message);
  const [first] = lost;
  if (first) {
    const weights = first.weights
      .map((weight) => `${weight.name} ${showShape(weight.shape)}`)
      .join(t(' and '));
    refuse(before, after, first.layer, removed, t('its trained {0} would not fit', weights));
  }
}

function refuse(
  before: Inferred,
  after: Inferred,
  layer: Layer,
  removed: readonly string[],
  why: string,
): never {
  const old = before.graph.layers.find((candidate) => candidate.id === layer.id);
  const was = old && inputShapes(before.inference, old);
  const now = inputShapes(after.inference, layer);
  throw new Failure(
    'input',
    'REMOVE_MISFIT',
    t(
      'without {0} "{1}" would be fed {2}, expected {3}: {4}; remove it too, or cut and append',
      removed.map((name) => `"${name}"`).join(', '),
      layer.name,
      showShapes(now),
      showShapes(was),
      why,
    ),
    { layer: layer.name },
  );
}

const errorsOf = ({ inference }: Inferred) => inference.faults.filter((fault) => fault.severity === 'error');

function showShapes(shapes: readonly Shape[] | undefined): string {
  return shapes?.map(showShape).join(t(' and ')) ?? t('a shape that is not known');
}
