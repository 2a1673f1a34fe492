import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../../core/failure';
import { activeOperations } from '../../core/surgery/recipe';
import type { ModelFile, ModelToWrite, Origin } from '../format';
import { replaceWhole } from '../replaceFile';
import { freezeScript } from './freeze';
import { comment, text } from './literal';
import { REBUILD } from './rebuild';
import { surgeryScript } from './surgery';
import { refreezesOf, trainingScript } from './training';

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
      `${target}: a script repeats a recipe on a model file, and this model has neither; choose another format`,
      { path: target },
    );
  }
  const script = pythonScript(origin, target);
  await replaceWhole(target, (temporary) => writeFile(temporary, script));
}

/** @param target where the script will lie, from which its paths are said */
export function pythonScript({ base, recipe, plan }: Origin, target: string): string {
  requireLoadable(base);
  requireFlat(base, activeOperations(recipe).length + recipe.freeze.length + (plan ? 1 : 0));
  const pathCode = (file: string) => codeOfPath(file, target);
  const surgery = surgeryScript(base.graph, activeOperations(recipe));
  const freeze = plan && refreezesOf(plan) ? [] : freezeScript(surgery.states, recipe.freeze);
  const training = plan && trainingScript(plan, recipe.freeze, surgery.states, pathCode);
  const body = [
    ...(surgery.rebuilds ? ['', '', REBUILD] : []),
    ...(plan ? ['', `keras.utils.set_random_seed(${plan.seed})`] : []),
    ...(surgery.rebuilds && !plan ? [''] : []),
    ...classesToTell(base),
    `model = keras.saving.load_model(${pathCode(base.path)}, compile=False)`,
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

function requireLoadable(base: ModelFile): void {
  const extension = path.extname(base.path).toLowerCase();
  if ((base.format === 'h5' || base.format === 'keras') && KERAS_EXTENSIONS.includes(extension)) return;
  throw new Failure(
    'input',
    'PYTHON_BASE',
    `${base.path}: found a base model of format ${base.format} named "*${extension}", expected a Keras .h5 or .keras, ` +
      'which is what load_model opens; convert it to one first',
    { path: base.path },
  );
}

/** A file of ours keeps groups beside a flat model; only what Keras itself nested is out of `get_layer`'s reach. */
function requireFlat(base: ModelFile, steps: number): void {
  const nested = base.nested?.[0];
  if (steps === 0 || nested === undefined) return;
  throw new Failure(
    'input',
    'PYTHON_NESTED',
    `${base.path}: found the nested model "${nested}", whose layers a Keras script cannot reach by name; ` +
      'convert the model to .h5, which writes it flat, and use that as the base',
    { path: base.path, layer: nested },
  );
}
