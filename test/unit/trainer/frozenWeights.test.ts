import { describe, expect, it } from 'vitest';
import { FrozenWeights } from '../../../src/trainer/frozenWeights';
import { chain } from '../support/graphs';

const dense = (name: string, trainable: boolean) => ({
  kind: 'Dense',
  name,
  config: { units: 1 },
  trainable,
});
const graph = (first: boolean, second: boolean) =>
  chain([null, 1], dense('first', first), dense('second', second), dense('third', true));

/** Watches over phases, and says what changed when each weight became what `after` makes of 1. */
async function changed(phases: Parameters<typeof graph>[], after: (layer: string) => number) {
  const graphs = phases.map((flags) => graph(...flags));
  const frozen = new FrozenWeights(graphs);
  for (const layer of graphs[0]!.layers) {
    for (const weight of layer.weights) frozen.remember(layer, weight, Float32Array.of(1));
  }
  return frozen.changed({ weight: async (layer) => Float32Array.of(after(layer)) });
}

describe('watching frozen weights', () => {
  it('says which changed by as little as a bit', async () => {
    const nudged = 1 + 2 ** -23;
    expect(await changed([[false, false]], (layer) => (layer === 'first' ? nudged : 1))).toEqual([
      'first/kernel',
      'first/bias',
    ]);
    expect(await changed([[false, false]], () => 1)).toEqual([]);
  });

  it('tells zero from minus zero', async () => {
    const frozen = new FrozenWeights([graph(false, true)]);
    const layer = graph(false, true).layers[1]!;
    frozen.remember(layer, layer.weights[0]!, Float32Array.of(0));
    expect(await frozen.changed({ weight: async () => Float32Array.of(-0) })).toEqual(['first/kernel']);
  });

  it('minds only what no phase trains', async () => {
    const all = () => 2;
    expect(
      await changed(
        [
          [false, false],
          [false, true],
        ],
        all,
      ),
    ).toEqual(['first/kernel', 'first/bias']);
    expect(
      await changed(
        [
          [true, false],
          [false, true],
        ],
        all,
      ),
    ).toEqual([]);
  });
});
