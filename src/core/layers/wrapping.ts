import type * as z from 'zod';
import type { LayerConfig, Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { field, isRecord, nullable } from './fields';
import { ShapeMismatch, showShape, type LayerKind, type WeightSpec } from './kind';
import { sampleSize } from './weightSpec';
import { t } from '../../l10n/translate';

interface Directions {
  readonly layer: InnerLayer;
  /** None where it is `layer` turned round. */
  readonly backward_layer: InnerLayer | null;
}

/** A layer inside another: its kind, and its configuration in that kind's normal form. */
export interface InnerLayer {
  readonly kind: string;
  readonly config: LayerConfig;
}

export type FindKind = (name: string) => LayerKind | undefined;

/** How many of a recurrent layer's tensors are states, by kind; only such a layer can be made bidirectional. */
const STATES: Readonly<Record<string, number>> = {
  SimpleRNN: 1,
  GRU: 1,
  LSTM: 2,
  ConvLSTM1D: 2,
  ConvLSTM2D: 2,
  ConvLSTM3D: 2,
};

/** Real ones hold one or two layers inside each other; a file could hold any number. */
const MAX_DEPTH = 8;

/** What `refuseFrozenPart` puts in the way of a layer whose parts are frozen one by one. */
export const PARTS_TRAIN = { 'layer.trainable': true };

const MERGE_MODES = ['concat', 'sum', 'mul', 'ave'] as const;
export type MergeMode = (typeof MERGE_MODES)[number];

const timeDistributedSchema = (find: FindKind) =>
  configSchema({ layer: innerLayer(find) }, { only: PARTS_TRAIN, prepare: refuseFrozenPart });

const bidirectionalSchema = (find: FindKind) =>
  configSchema(
    {
      layer: innerLayer(find, (name) => name in STATES),
      backward_layer: nullable(innerLayer(find, (name) => name in STATES)),
      merge_mode: nullable(
        field<MergeMode>(t('one of concat, sum, mul, ave, or null'), (raw) =>
          MERGE_MODES.find((mode) => mode === raw),
        ),
      ),
    },
    {
      only: PARTS_TRAIN,
      inert: ['weights', 'return_sequences', 'return_state', 'go_backwards', 'stateful', 'num_constants'],
      nullMeans: ['merge_mode', 'backward_layer'],
      prepare: (raw) => refuseFrozenPart('merge_mode' in raw ? raw : { ...raw, merge_mode: 'concat' }),
      check: directionsDiffer,
    },
  ).transform(withoutTurnedLayer);

export type TimeDistributedConfig = ConfigOf<ReturnType<typeof timeDistributedSchema>>;
export type BidirectionalConfig = ConfigOf<ReturnType<typeof bidirectionalSchema>>;

/**
 * Layers around layers. A weight's name is led by the place of its layer: `layer/kernel`, `forward_layer/kernel`.
 * @param find the catalogue, which holds these kinds too
 */
export function wrappingKinds(find: FindKind) {
  const kindOf = ({ kind }: InnerLayer): LayerKind => {
    const found = find(kind);
    if (!found) throw new Error(`a configuration in normal form names the kind ${kind}, which is not known`);
    return found;
  };

  /** The same layer at every step, on `(batch, steps, ...)`. */
  const timeDistributed: LayerKind<TimeDistributedConfig> = {
    name: 'TimeDistributed',
    family: 'recurrent',
    schema: timeDistributedSchema(find),
    arity: [1, 1],
    weights: ({ layer }, [input]) => lead('layer', kindOf(layer).weights(layer.config, [stepOf(input)])),
    outputs({ layer }, [input]) {
      const [[batch, ...rest]] = kindOf(layer).outputs(layer.config, [stepOf(input)]);
      return [[batch, input[1], ...rest]];
    },
    flops({ layer }, [input], [[batch, steps, ...rest]]) {
      return (steps ?? 1) * kindOf(layer).flops(layer.config, [stepOf(input)], [[batch, ...rest]]);
    },
  };

  /** A recurrent layer from the front and one from the back, merged step by step. */
  const bidirectional: LayerKind<BidirectionalConfig> = {
    name: 'Bidirectional',
    family: 'recurrent',
    schema: bidirectionalSchema(find),
    arity: [1, 5],
    weights(config, [input]) {
      const [forward, backward] = directionsOf(config);
      return [
        ...lead('forward_layer', kindOf(forward).weights(forward.config, [input])),
        ...lead('backward_layer', kindOf(backward).weights(backward.config, [input])),
      ];
    },
    outputs(config, inputs) {
      const [forward, backward] = directionsOf(config);
      const [ahead, behind] = splitStates(inputs);
      const [first, ...states] = kindOf(forward).outputs(forward.config, ahead);
      const [second, ...otherStates] = kindOf(backward).outputs(backward.config, behind);
      return [...merge(config.merge_mode, first, second), ...states, ...otherStates];
    },
    flops(config, inputs, outputs) {
      const sides = directionsOf(config).map((side) =>
        kindOf(side).flops(side.config, inputs.slice(0, 1), []),
      );
      const merging = config.merge_mode === 'concat' ? 0 : sampleSize(outputs[0]);
      return sides.reduce((sum, side) => sum + side, merging);
    },
  };
  return { timeDistributed, bidirectional };
}

/** The layer that reads from the front and the one that reads from the back; the second is the first, turned round. */
export function directionsOf({
  layer,
  backward_layer: backward,
}: Directions): readonly [forward: InnerLayer, backward: InnerLayer] {
  return [layer, backward ?? turned(layer)];
}

const turned = ({ kind, config }: InnerLayer): InnerLayer => ({
  kind,
  config: { ...config, go_backwards: config.go_backwards !== true },
});

/** Keras has both directions put out zeros at masked steps when they make sequences. */
const zeroWhereMasked = ({ kind, config }: InnerLayer): InnerLayer => ({
  kind,
  config: { ...config, zero_output_for_mask: config.return_sequences === true },
});

/** Keras writes the second layer down even where it is the first turned round, which nothing is where it is. */
function withoutTurnedLayer<C extends Directions>(config: C): C {
  const [layer, backward] = directionsOf(config).map(zeroWhereMasked) as [InnerLayer, InnerLayer];
  const isTurned = JSON.stringify(backward) === JSON.stringify(turned(layer));
  return { ...config, layer, backward_layer: isTurned ? null : backward };
}

/** A sequence for each direction, the initial states shared out. */
export function splitStates<T>(inputs: readonly T[]): readonly [readonly T[], readonly T[]] {
  const [sequence, ...states] = inputs;
  const half = states.length / 2;
  return [
    [sequence, ...states.slice(0, half)],
    [sequence, ...states.slice(half)],
  ];
}

/**
 * The layer inside a wrapper that a weight belongs to, by the weight's name, and what the weight is called there.
 * @returns nothing for a weight of the layer itself
 */
export function innerOwner(
  config: LayerConfig,
  weightName: string,
): (InnerLayer & { readonly name: string }) | undefined {
  const slash = weightName.indexOf('/');
  if (slash < 0) return undefined;
  const held = heldAt(config, weightName.slice(0, slash));
  return isInner(held)
    ? { kind: held.kind, config: held.config, name: weightName.slice(slash + 1) }
    : undefined;
}

/** By the place that a weight's name begins with; the cells of a stack are numbered. */
function heldAt(config: LayerConfig, place: string): unknown {
  switch (place) {
    case 'layer':
    case 'forward_layer':
      return config.layer;
    case 'backward_layer':
      return config.backward_layer ?? config.layer;
    case 'cell':
      return config.cell;
    default:
      return Array.isArray(config.cells) ? config.cells[Number(place)] : undefined;
  }
}

const isInner = (held: unknown): held is InnerLayer =>
  isRecord(held) && typeof held.kind === 'string' && isRecord(held.config);

/** The layers and cells directly inside a layer of that configuration. */
export function innerLayers(config: LayerConfig): readonly InnerLayer[] {
  const cells = Array.isArray(config.cells) ? (config.cells as unknown[]) : [];
  return [config.layer, config.backward_layer, config.cell, ...cells].filter(isInner);
}

export function innerLayer(
  find: FindKind,
  accepts: (name: string) => boolean = () => true,
): z.ZodType<InnerLayer> {
  return field<InnerLayer>(t('a layer of a known kind, with its configuration'), (raw) => {
    if (!isRecord(raw)) return undefined;
    if (depthOf(raw) > MAX_DEPTH) return undefined;
    const name = raw.kind ?? raw.class_name;
    const kind = typeof name === 'string' && accepts(name) ? find(name) : undefined;
    // A layer around inputs or without any takes no step of a sequence.
    if (!kind || kind.arity[0] !== 1) return undefined;
    const config = kind.schema.safeParse(raw.config ?? {});
    return config.success ? { kind: kind.name, config: config.data } : undefined;
  });
}

/** How many layers are inside each other, as far as it matters. */
function depthOf(raw: unknown): number {
  let depth = 0;
  for (let inner = raw; isRecord(inner) && depth <= MAX_DEPTH; depth++) {
    inner = isRecord(inner.config) ? inner.config.layer : undefined;
  }
  return depth;
}

/** Keras keeps `trainable` for each layer; a layer graph keeps one for the whole. */
export function refuseFrozenPart(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const isFrozen = (inner: unknown) =>
    isRecord(inner) && isRecord(inner.config) && inner.config.trainable === false;
  if (raw.trainable === false || !Object.values(raw).some(isFrozen)) return raw;
  return { ...raw, 'layer.trainable': false };
}

function directionsDiffer(config: LayerConfig): Record<string, string> {
  const { layer, backward_layer: backward } = config as unknown as Partial<BidirectionalConfig>;
  if (!layer || !backward) return {};
  const alike = (key: string) => layer.config[key] === backward.config[key];
  if (alike('go_backwards')) return { backward_layer: t('expected it to go the other way than layer') };
  if (!alike('return_sequences') || !alike('return_state')) {
    return { backward_layer: t('expected the return_sequences and return_state of layer') };
  }
  return {};
}

function merge(mode: MergeMode | null, first: Shape, second: Shape): readonly Shape[] {
  if (mode === null) return [first, second];
  const [a, b] = [first.at(-1), second.at(-1)];
  if (mode === 'concat') return [[...first.slice(0, -1), typeof a === 'number' && b ? a + b : null]];
  if (a !== b)
    throw new ShapeMismatch(t('{0} and {1}', showShape(first), showShape(second)), t('equal shapes'));
  return [first];
}

function stepOf(input: Shape): Shape {
  if (input.length < 3) throw new ShapeMismatch(showShape(input), t('(batch, steps, ...), at least 3 axes'));
  return [input[0], ...input.slice(2)];
}

export const lead = (place: string, specs: readonly WeightSpec[]): readonly WeightSpec[] =>
  specs.map((spec) => ({ ...spec, name: `${place}/${spec.name}` }));
