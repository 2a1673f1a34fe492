import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import type { Layer, LayerGraph } from '../../core/graph/layerGraph';
import { donorPath, type DonorReference } from '../../core/surgery/donors';
import { activeOperations } from '../../core/surgery/recipe';
import type { ModelFile, ModelToWrite, Origin } from '../format';
import { replaceWhole } from '../replaceFile';
import { freezeScript } from './freeze';
import { helperCode } from './helpers';
import { comment, text } from './literal';
import { namesArgument } from './names';
import type { Setting } from './operations/step';
import { surgeryScript } from './surgery';
import { refreezesOf, trainingScript } from './training';
import { t } from '../../l10n/translate';

/** What Keras's `load_model` opens, by the name of the file. */
const KERAS_EXTENSIONS: readonly string[] = ['.h5', '.hdf5', '.keras'];

/**
 * Writes a Keras script that does to the base model what the recipe does, and trains it as the plan does where there
 * is one. The base is not copied: the script names it, relative to itself.
 * @throws Failure `PYTHON_…` for what such a script cannot say
 */
export async function writePython(model: ModelToWrite, target: string): Promise<void> {
  const { origin } = model;
  if (!origin) {
    throw new Failure(
      'usage',
      'PYTHON_WITHOUT_BASE',
      t(
        '{0}: a script repeats a recipe on a model file, and this model has neither; choose another format',
        target,
      ),
      { path: target },
    );
  }
  const script = pythonScript(origin, target);
  await replaceWhole(target, (temporary) => writeFile(temporary, script));
}

/** @param target where the script will lie, from which its paths are said */
export function pythonScript({ base, recipe, plan, donors = new Map() }: Origin, target: string): string {
  requireLoadable(base, 'PYTHON_BASE', t('base model'));
  const operations = activeOperations(recipe);
  // As it is, Keras loads a nested model itself; what is done to it, is done to its layers.
  const flattens = base.nested !== undefined && operations.length + recipe.freeze.length + (plan ? 1 : 0) > 0;
  const pathCode = (file: string) => codeOfPath(file, target);
  const setting: Setting = {
    operations: base.operations ?? new Set(),
    donors: new Map([...donors].map(([file, donor]) => [file, donor.graph])),
    donorFile: (reference) => loadableDonor(donors, reference),
    pathCode,
  };
  const surgery = surgeryScript(flattens ? asFunctional(base.graph) : base.graph, operations, setting);
  const isLayer = ({ id }: Layer) => !surgery.operations.has(id);
  const freeze = plan && refreezesOf(plan) ? [] : freezeScript(surgery.states, recipe.freeze, isLayer);
  const training = plan && trainingScript(plan, recipe.freeze, surgery.states, isLayer, pathCode);
  const helpers = helperCode(new Set([...surgery.helpers, ...(flattens ? ['flatten' as const] : [])]));
  const body = [
    ...helpers.flatMap((code) => ['', '', code.trimEnd()]),
    ...(helpers.length > 0 ? ['', ''] : []),
    ...(plan ? [...(helpers.length > 0 ? [] : ['']), `keras.utils.set_random_seed(${plan.seed})`] : []),
    ...classesToTell(base),
    `model = keras.saving.load_model(${pathCode(base.path)}, compile=False)`,
    ...(flattens ? [`model = flatten(model${namesArgument(base)})`] : []),
    '',
    ...surgery.lines,
    ...(freeze.length > 0 ? [...freeze, ''] : []),
    'model.summary()',
    ...(training ? ['', ...training.lines] : []),
    '',
    `model.save(HERE / ${text(`${path.basename(target, path.extname(target))}-result.keras`)})`,
    '',
  ].join('\n');
  const imports = [
    ...(/\bre\.search\(/.test(body) ? ['import re'] : []),
    'from pathlib import Path',
    '',
    'import keras',
    ...(training?.numpy ? ['import numpy as np'] : []),
    '',
    'HERE = Path(__file__).resolve().parent',
  ];
  return `${[docstring(base, plan !== undefined), '', ...imports].join('\n')}\n${body}`;
}

/** Taken apart, a Sequential is one no more. */
function asFunctional(graph: LayerGraph): LayerGraph {
  const { name, layers, inputs, outputs } = graph;
  return { name, layers, inputs, outputs };
}

function docstring(base: ModelFile, trains: boolean): string {
  const name = path.basename(base.path).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  const does = trains ? 'Fine-tunes' : 'Operates on';
  return [
    `"""${does} ${name}, as its recipe${trains ? ' and its plan' : ''} in Model Surgery ${trains ? 'do' : 'does'}.`,
    '',
    trains
      ? 'Keras draws fresh weights, batches and held-out images by its own dice, so\nnumbers differ a little from a run there.'
      : 'Fresh weights are drawn by Keras.',
    '"""',
  ].join('\n');
}

function classesToTell(base: ModelFile): readonly string[] {
  const kinds = [
    ...new Set(base.graph.layers.filter(({ opaque }) => opaque !== undefined).map(({ kind }) => kind)),
  ];
  return kinds.length === 0
    ? []
    : [comment(`Keras must know these classes, or be given them as custom_objects: ${kinds.join(', ')}.`)];
}

/** `HERE / "models/digits.h5"`, relative to the script and with `/`. On another drive it is the absolute path. */
function codeOfPath(file: string, target: string): string {
  const relative = path.relative(path.dirname(path.resolve(target)), path.resolve(file));
  return `HERE / ${text(relative.split(path.sep).join('/'))}`;
}

/** @throws Failure `DONOR_MISSING`, `PYTHON_DONOR` */
function loadableDonor(donors: ReadonlyMap<string, ModelFile>, reference: DonorReference): ModelFile {
  const file = donors.get(donorPath(reference));
  if (!file) {
    const where = donorPath(reference);
    const message = t('the donor {0} was not opened, expected a model that a script can load', where);
    throw new Failure('input', 'DONOR_MISSING', message, { path: where });
  }
  requireLoadable(file, 'PYTHON_DONOR', t('donor'));
  return file;
}

function requireLoadable(file: ModelFile, code: string, what: string): void {
  const extension = path.extname(file.path).toLowerCase();
  const isKeras = file.format === 'h5' || file.format === 'keras';
  if (isKeras && KERAS_EXTENSIONS.includes(extension) && !file.weightsOnly) return;
  throw new Failure(
    'input',
    code,
    file.weightsOnly
      ? t(
          '{0}: found a {1} with weights alone, expected a Keras .h5 or .keras, which is what load_model opens; convert it to one first',
          file.path,
          what,
        )
      : t(
          '{0}: found a {1} of format {2} named "*{3}", expected a Keras .h5 or .keras, which is what load_model opens; convert it to one first',
          file.path,
          what,
          file.format,
          extension,
        ),
    { path: file.path },
  );
}
