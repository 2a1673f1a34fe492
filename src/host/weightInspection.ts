import type * as vscode from 'vscode';
import { sizeOf, type Layer, type LayerGraph, type WeightRef } from '../core/graph/layerGraph';
import { layersByName } from '../core/graph/lookup';
import { kindNamed } from '../core/layers/catalogue';
import { formOf } from '../core/layers/form';
import { joinSpreads, type WeightStatistics } from '../core/weights/statistics';
import type { WeightPair } from '../formats/inspection/messages';
import type { WeightInspector } from '../formats/inspection/weightInspector';
import type { EditorToHost, HostToEditor, LayerInspection, LayerSpread } from '../protocol/editor';
import { asFailure } from './asFailure';

type Asked = Extract<EditorToHost, { readonly type: 'inspect' | 'filters' | 'measureSpreads' }>;

/** Measured layers are told together, so that a model of thousands does not send a message for each. */
const TOLD_EVERY_MS = 100;

/** Looks into the weights of an editor's model when it is asked to, one question of a sort at a time. */
export class WeightInspection implements vscode.Disposable {
  private readonly asked = new Map<Asked['type'], AbortController>();

  constructor(
    private readonly graph: () => LayerGraph,
    private readonly post: (message: HostToEditor) => void,
    private readonly inspector: WeightInspector,
    /** The layers that a run began with, where the model is what came of them. */
    private readonly before: () => Promise<LayerGraph | undefined> = () => Promise.resolve(undefined),
  ) {}

  async receive(message: Asked): Promise<void> {
    this.asked.get(message.type)?.abort();
    const asked = new AbortController();
    this.asked.set(message.type, asked);
    switch (message.type) {
      case 'inspect':
        return this.inspect(message.layer, message.weights, asked.signal);
      case 'filters':
        return this.pictureFilters(message, asked.signal);
      case 'measureSpreads':
        if (message.on) return this.measureSpreads(asked.signal);
    }
  }

  dispose(): void {
    for (const asked of this.asked.values()) asked.abort();
    this.inspector.dispose();
  }

  private async inspect(id: string, withWeights: boolean, signal: AbortSignal): Promise<void> {
    const layer = this.layerOf(id);
    if (!layer) return;
    const kind = layer.opaque === undefined ? kindNamed(layer.kind) : undefined;
    const form = kind ? formOf(kind) : [];
    const statistics: Record<string, WeightStatistics> = {};
    const tell = (rest: Pick<LayerInspection, 'done' | 'problem'>) =>
      this.post({ type: 'inspection', inspection: { layer: id, form, statistics, ...rest } });
    if (!withWeights || layer.weights.length === 0) return tell({ done: true });
    // Its form need not wait for the first weight.
    tell({ done: false });
    try {
      await this.inspector.measure(
        layer.weights,
        (weight, found) => {
          statistics[weight.name] = found;
          tell({ done: false });
        },
        signal,
      );
      if (!signal.aborted) tell({ done: true });
    } catch (error) {
      tell({ done: true, problem: asFailure(error).message });
    }
  }

  private async pictureFilters(
    { layer, weight, channel }: Extract<Asked, { readonly type: 'filters' }>,
    signal: AbortSignal,
  ): Promise<void> {
    const found = this.layerOf(layer)?.weights.find(({ name }) => name === weight);
    const filters = found && (await this.inspector.filters(found, channel, signal));
    if (signal.aborted) return;
    this.post({
      type: 'filters',
      layer,
      weight,
      channel,
      filters: filters
        ? { ...filters, pictures: filters.pictures.map((bytes) => Buffer.from(bytes).toString('base64')) }
        : null,
    });
  }

  private async measureSpreads(signal: AbortSignal): Promise<void> {
    const layers = this.graph().layers.filter((layer) => parametersOf(layer).length > 0);
    let measured = 0;
    let spreads: Record<string, LayerSpread> = {};
    let told = performance.now();
    let noMovement: string | undefined;
    const tell = (rest: { readonly done: boolean; readonly problem?: string }) => {
      this.post({
        type: 'spreads',
        spreads,
        measured,
        total: layers.length,
        ...rest,
        ...(noMovement !== undefined && { noMovement }),
      });
      spreads = {};
      told = performance.now();
    };
    // What a layer is now can be measured whether or not it is known what it was.
    const notMoved = (error: unknown) => {
      noMovement = asFailure(error).message;
      return undefined;
    };
    try {
      const before = await this.before().catch(notMoved);
      const beforeByName = before && layersByName(before);
      for (const layer of layers) {
        const found: WeightStatistics[] = [];
        await this.inspector.measure(parametersOf(layer), (_, statistics) => found.push(statistics), signal);
        if (signal.aborted) return;
        measured++;
        const pairs = noMovement === undefined ? pairsOf(beforeByName?.get(layer.name), layer) : undefined;
        const movement = pairs && (await this.inspector.compare(pairs, signal).catch(notMoved));
        if (signal.aborted) return;
        spreads[layer.id] = { ...joinSpreads(found), ...(movement && { movement }) };
        if (performance.now() - told > TOLD_EVERY_MS) tell({ done: false });
      }
      tell({ done: true });
    } catch (error) {
      tell({ done: true, problem: asFailure(error).message });
    }
  }

  private layerOf(id: string): Layer | undefined {
    return this.graph().layers.find((layer) => layer.id === id);
  }
}

/** Each parameter beside what it was; nothing where one was not there, or was of another size. */
function pairsOf(before: Layer | undefined, after: Layer): readonly WeightPair[] | undefined {
  if (!before) return undefined;
  const known = new Map(before.weights.map((weight) => [weight.name, weight]));
  const pairs = parametersOf(after).flatMap((weight) => {
    const was = known.get(weight.name);
    return was && sizeOf(was.shape) === sizeOf(weight.shape) ? [{ before: was, after: weight }] : [];
  });
  return pairs.length === parametersOf(after).length ? pairs : undefined;
}

function parametersOf(layer: Layer): readonly WeightRef[] {
  return layer.weights.filter(({ role }) => role === 'parameter');
}
