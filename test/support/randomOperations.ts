import type { LayerGraph } from '../../src/core/graph/layerGraph';
import type { Donors } from '../../src/core/surgery/donors';
import type { Operation } from '../../src/core/surgery/recipe';
import type { Random } from './randomNumbers';

const NEW_LAYERS = [
  { kind: 'Dense', config: { units: 3 } },
  { kind: 'ReLU' },
  { kind: 'Dropout', config: { rate: 0.3 } },
  { kind: 'Conv2D', config: { filters: 8, kernel_size: 3, padding: 'same' } },
  { kind: 'BatchNormalization' },
  { kind: 'GlobalAveragePooling2D' },
  { kind: 'Activation', config: { activation: 'tanh' } },
];

/** Every kind of operation. */
export const OPERATION_KINDS: readonly Operation['op'][] = [
  ...(['cut', 'remove', 'append', 'insert', 'rename', 'configure', 'reinitialize'] as const),
  ...(['replace', 'inputShape', 'graft', 'warmStart'] as const),
];

/** An operation of a kind on any layers, most of them sensible, some not. */
export function randomOperation(
  op: Operation['op'],
  graph: LayerGraph,
  random: Random,
  donors: Donors,
): Operation {
  const pick = <T>(from: readonly T[]): T => from[random(from.length)]!;
  const { layers } = graph;
  const name = () => pick(layers).name;
  const chain = () => Array.from({ length: 1 + random(2) }, () => pick(NEW_LAYERS));
  const donor = pick([...donors.keys()]);
  const donated = donors.get(donor)!.layers;
  switch (op) {
    case 'cut':
      // Near the end, so that something is left to operate on.
      return { op, after: layers[layers.length - 1 - random(Math.min(layers.length, 12))]!.name };
    case 'remove': {
      const start = random(layers.length);
      return { op, layers: layers.slice(start, start + 1 + random(3)).map((layer) => layer.name) };
    }
    case 'append':
      return { op, after: pick(layers.slice(-8)).name, layers: chain() };
    case 'insert': {
      const reader = pick(layers);
      const input = reader.calls[0]?.inputs[0]?.layer;
      const before = layers.find(({ id }) => id === input)?.name ?? name();
      return { op, between: [before, reader.name], layers: [pick(NEW_LAYERS)] };
    }
    case 'rename':
      return { op, layer: name(), to: `renamed_${random(10_000)}` };
    case 'configure': {
      const config = pick([{ units: 4 }, { filters: 6 }, { activation: 'relu' }, { epsilon: 0.01 }]);
      const [field] = Object.keys(config);
      const having = layers.filter((layer) => field! in layer.config);
      return { op, layer: having.length > 0 ? pick(having).name : name(), config };
    }
    case 'reinitialize':
      return { op, layers: [name()] };
    case 'replace':
      return { op, layer: name(), with: pick(NEW_LAYERS) };
    case 'inputShape':
      return {
        op,
        shape: pick([
          [null, null, 3],
          [96, 96, 3],
          [80, 64, 3],
        ]),
      };
    case 'graft': {
      const start = random(donated.length);
      const to = donated[Math.min(donated.length - 1, start + random(12))]!.name;
      return { op, donor, from: donated[start]!.name, to, after: pick(layers.slice(-8)).name };
    }
    case 'warmStart':
      return { op, from: { path: donor }, match: pick(['conv', '^conv1', 'bn']) };
  }
}
