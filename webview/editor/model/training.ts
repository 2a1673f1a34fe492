import type { DatasetView, ModelView, TrainingForm } from '../../../src/protocol/editor';
import { count } from './text';
import { tn } from '../../../src/l10n/translate';

/** Why training cannot start, in one sentence; undefined where it can. */
export function whyNotTrain(
  model: ModelView,
  form: TrainingForm | undefined,
  dataset: DatasetView | null,
  running: boolean,
): string | undefined {
  if (model.weightsOnly) return 'This file holds weights and no architecture.';
  if (running) return 'A run is going on already.';
  const faults = faultsInTheWay(model);
  if (faults !== undefined) return faults;
  if (form === undefined) return 'The training settings are not here yet.';
  if (form.dataFolder === '' || dataset === null) return 'Choose a folder of images, one folder a class.';
  if (dataset.classes.length === 0) return `${dataset.label} holds no class folders.`;
  const empty = dataset.classes.find(({ images }) => images === 0);
  if (empty) return `Class ${empty.name} holds no image.`;
  const outputs = model.layers.filter(({ isOutput }) => isOutput);
  if (outputs.length !== 1) return `Training needs one output; the model has ${outputs.length}.`;
  if (needsHead(model, dataset)) {
    const units = outputs[0]?.outputShape?.at(-1) ?? 'unknown';
    return `The model's output has ${units} units, the dataset ${dataset.classes.length} classes.`;
  }
  if (model.totals.trainable === 0) return 'Every layer is frozen: unfreeze what shall learn.';
  return undefined;
}

/** What must be mended in the model before it can be trained, the first fault in its own words. */
export function faultsInTheWay({ faults }: ModelView): string | undefined {
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return undefined;
  return `${tn(errors.length, '{0} fault', '{0} faults', count(errors.length))} in the model must be mended first: ${errors[0]?.message}`;
}

/** The model's output does not speak of the dataset's classes; after a fault nobody knows what it speaks of. */
export function needsHead(model: ModelView, dataset: DatasetView | null): boolean {
  const outputs = model.layers.filter(({ isOutput }) => isOutput);
  return (
    dataset !== null &&
    dataset.classes.length > 0 &&
    faultsInTheWay(model) === undefined &&
    outputs.length === 1 &&
    outputs[0]?.outputShape?.at(-1) !== dataset.classes.length
  );
}
