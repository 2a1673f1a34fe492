import type { LayerView } from '../../../src/protocol/editor';
import type { ModelIndex } from '../model/modelIndex';
import type { Box } from './outline';

/** What a closed box says of the layers in it. */
export interface BoxSummary {
  readonly layers: number;
  readonly params: number;
  readonly outputShape: LayerView['outputShape'];
  /** Of its layers with weights: all, some or none; `none` too where there are no weights. */
  readonly frozen: 'all' | 'some' | 'none';
  readonly errors: number;
  readonly warnings: number;
  readonly grafted: number;
  readonly isInput: boolean;
  readonly isOutput: boolean;
}

const summaries = new WeakMap<ModelIndex, Map<string, BoxSummary>>();
/** The last one of each box: the same object while it says the same. */
const latest = new WeakMap<Box, BoxSummary>();

export function summaryOf(index: ModelIndex, box: Box): BoxSummary {
  const known = summaries.get(index) ?? new Map<string, BoxSummary>();
  summaries.set(index, known);
  const made = known.get(box.id);
  if (made) return made;
  const before = latest.get(box);
  const now = summarize(index, box);
  const summary = before && isSame(before, now) ? before : now;
  latest.set(box, summary);
  known.set(box.id, summary);
  return summary;
}

function summarize({ byId }: ModelIndex, box: Box): BoxSummary {
  const last = byId.get(box.layers.at(-1) ?? '');
  let [params, weighted, frozen, errors, warnings, grafted] = [0, 0, 0, 0, 0, 0];
  let [isInput, isOutput] = [false, false];
  for (const id of box.layers) {
    const layer = byId.get(id);
    if (!layer) continue;
    params += layer.params;
    if (layer.weights.length > 0) {
      weighted += 1;
      if (!layer.trainable) frozen += 1;
    }
    for (const { severity } of layer.faults) {
      if (severity === 'error') errors += 1;
      else warnings += 1;
    }
    if (layer.grafted) grafted += 1;
    isInput ||= layer.isInput;
    isOutput ||= layer.isOutput;
  }
  return {
    layers: box.layers.length,
    params,
    outputShape: last?.outputShape ?? null,
    frozen: frozen === 0 ? 'none' : frozen === weighted ? 'all' : 'some',
    errors,
    warnings,
    grafted,
    isInput,
    isOutput,
  };
}

function isSame(a: BoxSummary, b: BoxSummary): boolean {
  const shape = (summary: BoxSummary) => summary.outputShape?.join() ?? '';
  return (
    a.layers === b.layers &&
    a.params === b.params &&
    a.frozen === b.frozen &&
    a.errors === b.errors &&
    a.warnings === b.warnings &&
    a.grafted === b.grafted &&
    a.isInput === b.isInput &&
    a.isOutput === b.isOutput &&
    shape(a) === shape(b)
  );
}
