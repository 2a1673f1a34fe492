import { NO_STAGE } from '../graph/noStage';

/** What the advisor looks at of a layer: the editor's view of one is such. */
export interface AdvisedLayer {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Ids of the layers it reads. */
  readonly inputs: readonly string[];
  readonly outputShape: readonly (number | null)[] | null;
  readonly weights: readonly unknown[];
  /** From zero; `NO_STAGE` where it has no spatial resolution. */
  readonly stage: number;
  readonly isInput: boolean;
  readonly isOutput: boolean;
}

/** A model as a backbone and what hangs on it. */
export interface BackboneParts {
  /** The layer whose output is the backbone's, on which the head hangs. */
  readonly end: AdvisedLayer;
  /** The stages of the backbone that have weights, from the first: those there is something to freeze in. */
  readonly weighted: readonly number[];
  /** Where the backbone may end in a stage: after its last whole block. None where no layer carries all of it on. */
  endOf(stage: number): AdvisedLayer | undefined;
}

/** They belong to the layer before them: a block that ends before its own activation would end in the middle. */
const ENDS_A_BLOCK = new Set(['BatchNormalization', 'Activation', 'ReLU', 'LeakyReLU', 'PReLU', 'ELU']);

/**
 * Tells a model's backbone from its head. All that the head gets goes through the backbone's end: the last layer with a
 * spatial resolution that is on every way through the model, before the pooling over all places where there is one.
 *
 * @returns undefined for a model without such a layer: one that looks at no images
 */
export function backboneParts(layers: readonly AdvisedLayer[]): BackboneParts | undefined {
  const order = inOrder(layers);
  const through = passages(order);
  const pooled = through.findIndex(({ kind }) => /^Global(Average|Max)Pooling/.test(kind));
  const body = (pooled < 0 ? through : through.slice(0, pooled)).filter(
    ({ isInput, stage }) => !isInput && stage !== NO_STAGE,
  );
  const end = body.at(-1);
  if (!end) return undefined;
  const stages = order
    .slice(0, order.indexOf(end) + 1)
    .filter(({ weights, stage }) => weights.length > 0 && stage !== NO_STAGE)
    .map(({ stage }) => stage);
  return {
    end,
    weighted: [...new Set(stages)].sort((a, b) => a - b),
    // Padding is for the strided convolution after it.
    endOf: (wanted) =>
      blockEnd(body.filter(({ kind, stage }) => stage === wanted && !kind.startsWith('ZeroPadding'))),
  };
}

/** The last merge and what belongs to it; in a stage without one its last layer. */
function blockEnd(body: readonly AdvisedLayer[]): AdvisedLayer | undefined {
  const merge = body.findLastIndex(({ inputs }) => new Set(inputs).size > 1);
  if (merge < 0) return body.at(-1);
  const next = body.findIndex(({ kind }, place) => place > merge && !ENDS_A_BLOCK.has(kind));
  return body[next < 0 ? body.length - 1 : next - 1];
}

/** Every layer after those it reads; without layers that are called in a circle. */
function inOrder(layers: readonly AdvisedLayer[]): readonly AdvisedLayer[] {
  const readers = new Map<string, AdvisedLayer[]>();
  const waitsFor = new Map<string, number>();
  for (const layer of layers) {
    const inputs = new Set(layer.inputs);
    waitsFor.set(layer.id, inputs.size);
    for (const input of inputs) {
      const known = readers.get(input);
      if (known) known.push(layer);
      else readers.set(input, [layer]);
    }
  }
  const order = layers.filter(({ id }) => waitsFor.get(id) === 0);
  // It grows while it is gone through.
  for (const { id } of order) {
    for (const reader of readers.get(id) ?? []) {
      const left = (waitsFor.get(reader.id) ?? 0) - 1;
      waitsFor.set(reader.id, left);
      if (left === 0) order.push(reader);
    }
  }
  return order;
}

/** The layers that every way from the one input to an output goes through, in order. */
function passages(order: readonly AdvisedLayer[]): readonly AdvisedLayer[] {
  const lastReader = new Map<string, number>();
  order.forEach(({ inputs }, place) => {
    for (const input of inputs) lastReader.set(input, place);
  });
  let open = -1;
  const found: AdvisedLayer[] = [];
  order.forEach((layer, place) => {
    // Nothing before this layer is read after it.
    if (open <= place) found.push(layer);
    const read = layer.isOutput ? order.length : (lastReader.get(layer.id) ?? place);
    open = Math.max(open, read);
  });
  return found;
}
