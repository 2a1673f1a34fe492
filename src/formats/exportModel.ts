import { readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { Failure } from '../core/failure';
import { sizeOf, type LayerGraph, type WeightRef } from '../core/graph/layerGraph';
import type { Plan } from '../core/plan/plan';
import { donorPathsIn } from '../core/surgery/donors';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import type { FormatName, ModelFile } from './format';
import { refuseFaults, type OperatedModel } from './operatedModel';
import { refuseWeightsOnly } from './refuseWeightsOnly';
import { openModel, writeModel } from './registry';
import { openWeights } from './weights';
import { t } from '../l10n/translate';

/** A model after its recipe, as far as writing it anew looks at it. */
export type ModelToExport = Pick<OperatedModel, 'file' | 'graph' | 'faults' | 'recipe' | 'labels'>;

export interface ExportOptions {
  /** Write over what is at the target. */
  readonly force?: boolean;
  /** For formats that say how to train, its paths absolute. */
  readonly plan?: Plan;
  /** Aborted between two weights; what was written so far is gone then. */
  readonly signal?: AbortSignal;
  /** Told, after each weight, the share of the model's numbers that were asked for. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Writes a model after its recipe to a file or a folder of its own.
 * @throws Failure `WEIGHTS_ONLY`, `OUTPUT_…` for a target that is not to be written over, `FILE_EXISTS`, the first fault of
 * the model, and what the format cannot hold
 */
export async function exportModel(
  model: ModelToExport,
  target: string,
  format: FormatName,
  { force = false, plan, signal, onProgress }: ExportOptions = {},
): Promise<void> {
  const { file, graph, labels, recipe = EMPTY_RECIPE } = model;
  refuseWeightsOnly(file);
  await refuseSource(file.path, target, t('its base'));
  for (const donor of donorPathsIn(recipe)) await refuseSource(donor, target, t('its donor'));
  await refuseForeignFolder(target, format);
  refuseFaults(model);
  const reader = openWeights();
  const progress = progressOver(graph, onProgress);
  const weights = async (_: string, weight: WeightRef) => {
    // HDF5 and initializers answer at once: without a pause nobody would be heard, not who wants to stop it either.
    await setImmediate();
    signal?.throwIfAborted();
    const values = await reader.read(weight);
    progress(values.length);
    return values;
  };
  const donors = format === 'python' ? await openDonors(recipe) : undefined;
  const origin = { base: file, recipe, ...(plan && { plan }), ...(donors && { donors }) };
  try {
    await writeModel({ graph, weights, ...(labels && { labels }), origin }, target, format, { force });
  } finally {
    await reader.close();
  }
}

/** For what repeats the work: a script is written of the files that it will load. */
async function openDonors(recipe: Recipe): Promise<ReadonlyMap<string, ModelFile>> {
  const donors = new Map<string, ModelFile>();
  for (const donor of donorPathsIn(recipe)) donors.set(donor, await openModel(donor));
  return donors;
}

function progressOver(graph: LayerGraph, report: (share: number) => void = () => undefined) {
  const all = graph.layers
    .flatMap((layer) => layer.weights)
    .reduce((sum, { shape }) => sum + sizeOf(shape), 0);
  let done = 0;
  return (numbers: number) => {
    done += numbers;
    report(all === 0 ? 1 : Math.min(1, done / all));
  };
}

/** A model that was given is never written over, forced or not; neither is the folder that it lies in. */
async function refuseSource(model: string, out: string, which: string): Promise<void> {
  const real = (file: string) => realpath(file).catch(() => path.resolve(file));
  const inside = path.relative(await real(out), await real(model));
  if (inside.startsWith('..') || path.isAbsolute(inside)) return;
  throw new Failure(
    'usage',
    'OUTPUT_IS_INPUT',
    t('{0}: the new model would be written over {1} {2}; choose another path', out, which, model),
    { path: out },
  );
}

/**
 * A TF.js model is a folder, which `force` replaces as a whole: only one that holds a TF.js model and nothing else may
 * go that way.
 */
async function refuseForeignFolder(out: string, format: FormatName): Promise<void> {
  if (format === 'tfjs' && path.extname(out).toLowerCase() === '.json') {
    throw new Failure(
      'usage',
      'OUTPUT_NAME',
      t(
        '{0}: a tfjs model is written as a folder, found the name of a file; choose a name without .json',
        out,
      ),
      { path: out },
    );
  }
  const entries = await readdir(out).catch(() => []);
  const foreign = entries.find((name) => format !== 'tfjs' || !/^(model\.json|.*\.bin)$/.test(name));
  if (foreign === undefined) return;
  throw new Failure(
    'usage',
    'OUTPUT_IS_FOLDER',
    t(
      '{0}: found a folder that holds "{1}", which is no part of a {2} model; choose another path',
      out,
      foreign,
      format,
    ),
    { path: out },
  );
}
