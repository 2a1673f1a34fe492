import type { Fault } from '../failure';
import { showShape, type WeightSpec } from '../layers/kind';
import type { Layer } from './layerGraph';

/** Where the weights a layer has are not the weights its configuration and inputs call for. */
export function weightFaults(layer: Layer, specs: readonly WeightSpec[]): readonly Fault[] {
  if (agreesInOrder(layer, specs)) return [];
  const faults: Fault[] = [];
  const fault = (code: string, what: string, found: string, expected: string): void => {
    const where = `"${layer.name}" (${layer.kind})`;
    const message = `${where}: ${what}: found ${found}, expected ${expected}`;
    faults.push({ severity: 'error', code, layer: layer.name, message, found, expected });
  };

  const held = new Map(layer.weights.map((weight) => [weight.name, weight]));
  for (const spec of specs) {
    const weight = held.get(spec.name);
    if (!weight) fault('WEIGHT_MISSING', `weight "${spec.name}"`, 'none', showShape(spec.shape));
    else if (!sameSizes(weight.shape, spec.shape)) {
      fault(
        'WEIGHT_SHAPE',
        `weight "${spec.name}"`,
        showShape(weight.shape),
        `${showShape(spec.shape)}, to fit its input`,
      );
    }
    held.delete(spec.name);
  }
  for (const weight of held.values()) {
    fault(
      'WEIGHT_UNEXPECTED',
      `weight "${weight.name}"`,
      showShape(weight.shape),
      'no such weight in this kind',
    );
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
