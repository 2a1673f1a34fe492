import type { Fault } from '../../core/failure';
import type { Layer, LayerGraph, Shape, TensorRef, WeightRef } from '../../core/graph/layerGraph';
import { t } from '../../l10n/translate';
import { constantPlan } from './constantLayers';
import { Constants } from './constants';
import { dataTypeName } from './dataTypes';
import type { Draft, DraftTensor, GraphSoFar, LayerPlan, Recognized } from './draft';
import type { FlatNode, FlatTensor } from './flatGraph';
import type { StoredTensor } from './graphDef';
import { PASSING } from './passing';
import { nameLayers } from './layerNames';
import { plainConfig } from './plainConfig';
import { checkLayer, recognizerOf, toRef } from './recognize';
import { SmallValues, type SmallValue } from './smallValues';
import { whyOpaque } from './whyOpaque';

/** What a graph is made into layers with. */
export interface GraphToDraw {
  readonly name: string;
  /** Each after those that feed it. */
  readonly nodes: readonly FlatNode[];
  readonly outputs: readonly FlatTensor[];
  /** What a constant or a variable holds. */
  readonly stored: (node: FlatNode) => StoredTensor | undefined;
  /** The shape that the model's signature says of an input. */
  readonly inputShape?: (node: FlatNode) => Shape | undefined;
  /** Placeholders in the order of the signature. */
  readonly inputOrder?: readonly FlatNode[];
}

/**
 * Layers for the operations of a graph: those that a kind computes exactly become that kind, with weights from the
 * constants that they read; the others are opaque, with the reason.
 */
export function drawGraph(graph: GraphToDraw): {
  readonly graph: LayerGraph;
  readonly report: readonly Fault[];
} {
  const drawing = new Drawing(graph);
  for (const node of graph.nodes) drawing.draw(node);
  return drawing.finish();
}

class Drawing implements GraphSoFar {
  private readonly constants: Constants;
  private readonly drafts: Draft[] = [];
  /** What operations that made no layer stand for, and layers of those that did. */
  private readonly made = new Map<FlatNode, DraftTensor>();
  private readonly uses = new Map<FlatNode, number>();
  private readonly values = new SmallValues();
  /** Layers of constants, by the operations that give them. */
  private readonly constantLayers = new Map<FlatNode, Draft>();

  constructor(private readonly drawn: GraphToDraw) {
    this.constants = new Constants(drawn.stored);
    const feeds = [...drawn.nodes.flatMap((node) => node.feeds), ...drawn.outputs];
    for (const { node } of feeds) this.uses.set(node, (this.uses.get(node) ?? 0) + 1);
  }

  constant(tensor: FlatTensor | undefined) {
    return tensor && this.constants.of(through(tensor));
  }

  numbers(tensor: FlatTensor | undefined) {
    return this.constants.numbers(tensor && through(tensor));
  }

  value(tensor: FlatTensor | undefined): SmallValue | undefined {
    if (!tensor) return undefined;
    const numbers = this.numbers(tensor);
    return numbers ? { shape: this.constant(tensor)!.shape, numbers } : this.values.of(through(tensor));
  }

  shape(tensor: FlatTensor | undefined): Shape | undefined {
    const found = tensor && this.tensor(tensor);
    return found ? shapeOf(found) : this.constant(tensor)?.shape;
  }

  alone(tensor: FlatTensor | undefined): Draft | undefined {
    const found = tensor && this.tensor(tensor);
    return found?.output === 0 && found.draft.uses === 1 ? found.draft : undefined;
  }

  draw(node: FlatNode): void {
    if (this.constants.learn(node)) return;
    const value = this.values.learn(node, this);
    const numbers = value?.numbers.filter((number) => number !== null);
    if (value && numbers?.length === value.numbers.length) {
      return this.constants.know(node, { dtype: 'float32', shape: value.shape, numbers });
    }
    if (node.op === 'Placeholder' || node.op === 'PlaceholderWithDefault') return this.drawInput(node);
    const [first] = node.feeds;
    if (node.op === 'IdentityN') return this.keep(node);
    if (PASSING.has(node.op) && first && node.feeds.length === 1) return this.pass(node, first);
    const recognized = this.recognize(node);
    if ('pass' in recognized) this.pass(node, recognized.pass);
    else if ('refuse' in recognized) this.drawOpaque(node, recognized.refuse);
    else if ('change' in recognized) this.change(node, recognized);
    else this.make(node, recognized.make);
  }

  finish(): { readonly graph: LayerGraph; readonly report: readonly Fault[] } {
    const ends = this.drawn.outputs.map((output) => this.endOf(output));
    const shown = reachable(this.drafts, ends);
    const names = nameLayers(shown.map(({ node }) => node));
    const nameOf = (draft: Draft) => names.get(draft.node) ?? { name: draft.id, group: [] };
    const report = shown.flatMap((draft): Fault[] => {
      if (draft.opaque === undefined) return [];
      const message = t(
        'the operation {0}: {1}; it can be shown and cut away, not trained',
        draft.kind,
        draft.opaque,
      );
      return [{ severity: 'warning', code: 'LAYER_KIND_UNKNOWN', layer: nameOf(draft).name, message }];
    });
    const refOf = ({ draft, output }: DraftTensor): TensorRef => ({ layer: draft.id, call: 0, output });
    const layers = shown.map((draft): Layer => ({
      id: draft.id,
      ...nameOf(draft),
      kind: draft.kind,
      config: draft.config,
      calls: [{ inputs: draft.inputs.map(refOf) }],
      weights: draft.weights,
      trainable: false,
      ...(draft.opaque !== undefined && { opaque: draft.opaque }),
    }));
    const order = new Map(this.drawn.inputOrder?.map((node, index) => [node, index]));
    const inputs = shown
      .filter(({ node }) => node.op.startsWith('Placeholder'))
      .sort((a, b) => (order.get(a.node) ?? Infinity) - (order.get(b.node) ?? Infinity) || 0)
      .map((draft) => refOf({ draft, output: 0 }));
    return { graph: { name: this.drawn.name, layers, inputs, outputs: ends.map(refOf) }, report };
  }

  /** An output that is a constant is drawn as one. */
  private endOf(output: FlatTensor): DraftTensor {
    const { node } = through(output);
    if (!this.made.has(node)) this.drawOpaque(node, t('it depends on no input'));
    return this.tensor(output)!;
  }

  private tensor(tensor: FlatTensor): DraftTensor | undefined {
    const { node, output } = through(tensor);
    const found = this.made.get(node);
    return found && (found.draft.node === node ? { draft: found.draft, output } : found);
  }

  private recognize(node: FlatNode): Recognized {
    const recognize = recognizerOf(node.op);
    return recognize ? recognize(node, this) : { refuse: whyOpaque(node.op) };
  }

  private drawInput(node: FlatNode): void {
    const own = node.attributes.get('shape')?.shape;
    const shape = this.drawn.inputShape?.(node) ?? (own === 'unranked' ? undefined : own);
    const dtype = dataTypeName(node.attributes.get('dtype')?.type ?? 1);
    const checked = checkLayer('InputLayer', { batch_shape: shape ?? null, dtype }, []);
    if (!('refuse' in checked)) {
      this.add(node, { kind: 'InputLayer', config: checked.config, shapes: checked.shapes });
      return;
    }
    this.add(node, {
      kind: node.op,
      config: { dtype },
      opaque: t('the graph does not say the shape of this input'),
    });
  }

  private pass(node: FlatNode, to: FlatTensor): void {
    const found = this.tensor(to);
    if (!found) return this.drawOpaque(node, t('it passes on what no layer gives'));
    this.made.set(node, found);
    found.draft.uses += (this.uses.get(node) ?? 0) - 1;
  }

  /** Its outputs are its inputs (see `through`), which are read by more than it. */
  private keep(node: FlatNode): void {
    for (const feed of node.feeds) {
      const found = this.tensor(feed);
      if (found) found.draft.uses += this.uses.get(node) ?? 0;
    }
  }

  private change(
    node: FlatNode,
    { change: draft, config, weights }: Extract<Recognized, { change: Draft }>,
  ): void {
    const more = Object.entries(weights ?? {}).map(([name, constant]) => toRef(name, constant));
    const inputs = draft.inputs.map(shapeOf);
    if (more.some((ref) => !ref))
      return this.drawOpaque(node, t('its numbers are kept in a way that cannot be read'));
    const checked = checkLayer(draft.kind, config, inputs);
    draft.config = 'refuse' in checked ? config : checked.config;
    draft.weights = [...draft.weights, ...more.filter((ref): ref is WeightRef => ref !== undefined)];
    if (!('refuse' in checked) && checked.shapes) draft.shapes = checked.shapes;
    draft.uses = this.uses.get(node) ?? 0;
    this.made.set(node, { draft, output: 0 });
  }

  private make(node: FlatNode, plan: LayerPlan): void {
    const made = this.build(node, plan);
    if (typeof made === 'string') this.drawOpaque(node, made);
  }

  /** The layers of a plan, those before it first; or why there can be none. */
  private build(node: FlatNode, plan: LayerPlan): Draft | string {
    const inputs: DraftTensor[] = [];
    for (const input of plan.inputs) {
      if ('kind' in input) {
        const name = `${node.name}/${input.as ?? input.kind.toLowerCase()}`;
        const before = this.build({ ...node, name }, input);
        if (typeof before === 'string') return before;
        before.uses = 1;
        inputs.push({ draft: before, output: 0 });
      } else {
        const given = this.tensor(input) ?? this.constantLayer(input);
        if (!given) return t('one of its inputs is a constant that no layer can hold');
        inputs.push(given);
      }
    }
    const checked = checkLayer(plan.kind, plan.config, inputs.map(shapeOf), plan.weights);
    if ('refuse' in checked) return checked.refuse;
    return this.add(node, { kind: plan.kind, inputs, ...checked });
  }

  /** A constant as a layer of its own, for what takes tensors. */
  private constantLayer(tensor: FlatTensor): DraftTensor | undefined {
    const { node } = through(tensor);
    const constant = this.constant(tensor);
    const known = this.constantLayers.get(node);
    const plan = constant && constantPlan(constant, this.numbers(tensor), constant.shape);
    const made = known ?? (plan && this.build({ ...node }, plan));
    if (made === undefined || typeof made === 'string') return undefined;
    this.constantLayers.set(node, made);
    return { draft: made, output: 0 };
  }

  /** The operation as it is, with the constants that it reads as its weights. */
  private drawOpaque(node: FlatNode, reason: string): void {
    const inputs = node.feeds.flatMap((feed) => this.tensor(feed) ?? []);
    const weights = node.feeds.flatMap((feed, index): WeightRef[] => {
      const constant = this.constant(feed);
      return (constant && [toRef(`input_${index}`, constant)].filter((ref) => ref !== undefined)) ?? [];
    });
    this.add(node, { kind: node.op, config: plainConfig(node), inputs, weights, opaque: reason });
  }

  private add(
    node: FlatNode,
    {
      kind,
      config,
      inputs = [],
      weights = [],
      shapes,
      opaque,
    }: Pick<Draft, 'kind' | 'config'> & Partial<Pick<Draft, 'inputs' | 'weights' | 'shapes' | 'opaque'>>,
  ): Draft {
    const draft: Draft = {
      id: `operation-${this.drafts.length}`,
      node,
      kind,
      config,
      inputs,
      weights,
      shapes,
      uses: this.uses.get(node) ?? 0,
      ...(opaque !== undefined && { opaque }),
    };
    this.drafts.push(draft);
    this.made.set(node, { draft, output: 0 });
    return draft;
  }
}

/** An `IdentityN` gives out each of its inputs. */
function through(tensor: FlatTensor): FlatTensor {
  let { node, output } = tensor;
  for (let feed = node.feeds[output]; node.op === 'IdentityN' && feed; feed = node.feeds[output]) {
    ({ node, output } = feed);
  }
  return { node, output };
}

const shapeOf = ({ draft, output }: DraftTensor): Shape | undefined => draft.shapes?.[output];

/** Layers that an output needs, in their order. */
function reachable(drafts: readonly Draft[], ends: readonly DraftTensor[]): readonly Draft[] {
  const needed = new Set(ends.map(({ draft }) => draft));
  for (const draft of needed) for (const input of draft.inputs) needed.add(input.draft);
  return drafts.filter((draft) => needed.has(draft));
}
