import type { Fault } from '../failure';
import { showShape, type WeightSpec } from '../layers/kind';
import type { Layer } from './layerGraph';
import { t } from '../../l10n/translate';

/** Where the weights a layer has are not the weights its configuration and inputs call for. */
export function weightFaults(layer: Layer, specs: readonly WeightSpec[]): readonly Fault[] {
  if (agreesInOrder(layer, specs)) return [];
  const faults: Fault[] = [];
  const fault = (code: string, weight: string, found: string, expected: string): void => {
    const message = t(
      '"{0}" ({1}): weight "{2}": found {3}, expected {4}',
      layer.name,
      layer.kind,
      weight,
      found,
      expected,
    );
    faults.push({ severity: 'error', code, layer: layer.name, message, found, expected });
  };

  const held = new Map(layer.weights.map((weight) => [weight.name, weight]));
  for (const spec of specs) {
    const weight = held.get(spec.name);
    if (!weight) fault('WEIGHT_MISSING', spec.name, t('none'), showShape(spec.shape));
    else if (!sameSizes(weight.shape, spec.shape)) {
      fault(
        'WEIGHT_SHAPE',
        spec.name,
        showShape(weight.shape),
        t('{0}, to fit its input', showShape(spec.shape)),
      );
    }
    held.delete(spec.name);
  }
  for (const weight of held.values()) {
    fault('WEIGHT_UNEXPECTED', weight.name, showShape(weight.shape), t('no such weight in this kind'));
  }
  return faults;
}

/** What nearly every layer is, without making a map of it. */
function agreesInOrder(layer: Layer, specs: readonly WeightSpec[]): boolean {
  return (
    layer.weights.length === specs.length &&
    specs.every((spec, index) => {
      const weight = layer.weights[index];
      return weight.name === spec.name && sameSizes(weight.shape, spec.shape);
    })
  );
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}
