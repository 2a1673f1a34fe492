import { Failure } from '../../../src/core/failure';
import { printSummary } from '../../../src/core/summary/printSummary';
import { printWeights } from '../../../src/core/summary/printWeights';
import { summarize } from '../../../src/core/summary/summarize';
import { EMPTY_RECIPE, type Operation, type Recipe } from '../../../src/core/surgery/recipe';
import { createReplayer } from '../../../src/core/surgery/replay';
import type { WeightRef } from '../../../src/core/graph/layerGraph';
import type { ModelFile } from '../../../src/formats/format';
import { createInspector } from '../../../src/formats/inspection/inspect';
import type { FromInspector } from '../../../src/formats/inspection/messages';
import { openModel } from '../../../src/formats/registry';
import { OperatingTable } from '../../../src/host/openedModel';

/** What became of a file: a graph, or the failure that it was refused with, and what its weights were refused with. */
export interface Reading {
  readonly failure?: Failure;
  readonly refusedLater: readonly { readonly code: string; readonly message: string }[];
}

/** Weights of a layer are looked at when somebody asks, a layer at a time; of a damaged file, these. */
const MOST_WEIGHTS = 300;

/**
 * All that the product does with a model that somebody opens: the editor's view, the command line's summary, a look at
 * its weights, and a graft or a warm start from it. Failures are results; any other error is thrown.
 *
 * @param base a good model, which takes from this one
 */
export async function readModel(target: string, base: ModelFile): Promise<Reading> {
  let file: ModelFile;
  try {
    file = await openModel(target);
  } catch (error) {
    return { failure: asFailure(error), refusedLater: [] };
  }
  const later: { code: string; message: string }[] = [];
  try {
    const { graph, view } = new OperatingTable(file).operate(EMPTY_RECIPE);
    later.push(...view.faults.filter(({ message }) => isUntidy(message)));
    const { inference } = createReplayer(graph)(EMPTY_RECIPE);
    summarize(graph, inference);
    (file.weightsOnly ? printWeights : printSummary)(graph, { inference, terminalColumns: 80 });
  } catch (error) {
    later.push(asFailure(error));
  }
  later.push(...(await lookAtWeights(file)));
  for (const operation of takingFrom(file, base)) {
    try {
      const recipe: Recipe = { ...EMPTY_RECIPE, operations: [operation] };
      createReplayer(base.graph, new Map([[file.path, file.graph]]))(recipe);
    } catch (error) {
      later.push(asFailure(error));
    }
  }
  return { refusedLater: later };
}

/** @throws what is no failure: nobody would know what to make of it */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

/** More characters than anybody reads, or some that break a line or a terminal. */
export function isUntidy(message: string): boolean {
  return message.length > LONGEST_MESSAGE || /[\u0000-\u001f\u007f-\u009f\u2028-\u202e]/.test(message);
}

const LONGEST_MESSAGE = 1000;

function takingFrom(file: ModelFile, base: ModelFile): readonly Operation[] {
  const after = base.graph.layers.at(-2)?.name ?? '';
  const warmStart: Operation = { op: 'warmStart', from: file.path };
  return file.weightsOnly ? [warmStart] : [warmStart, { op: 'graft', donor: file.path, after }];
}

async function lookAtWeights(file: ModelFile): Promise<readonly { code: string; message: string }[]> {
  const weights: WeightRef[] = file.graph.layers.flatMap((layer) => layer.weights).slice(0, MOST_WEIGHTS);
  const refused: { code: string; message: string }[] = [];
  let settle = () => {};
  const inspect = createInspector((message: FromInspector) => {
    if (message.type === 'failed') refused.push(message);
    if (message.type === 'failed' || message.type === 'done') settle();
  });
  for (const [request, weight] of weights.entries()) {
    const settled = new Promise<void>((resolve) => (settle = resolve));
    inspect({ type: 'measure', request, weights: [weight] });
    await settled;
  }
  const picture = weights.find(({ shape }) => shape.length === 4);
  if (picture) {
    const settled = new Promise<void>((resolve) => (settle = resolve));
    inspect({ type: 'filters', request: weights.length, weight: picture, channel: 0 });
    await settled;
  }
  return refused;
}
