import type { DatasetView, ModelView, TrainingForm } from '../../../src/protocol/editor';
import { count } from './text';
import { t, tn } from '../../../src/l10n/translate';

/** Why training cannot start, in one sentence; undefined where it can. */
export function whyNotTrain(
  model: ModelView,
  form: TrainingForm | undefined,
  dataset: DatasetView | null,
  running: boolean,
): string | undefined {
  if (model.weightsOnly) return t('This file holds weights and no architecture.');
  if (running) return t('A run is going on already.');
  const faults = faultsInTheWay(model);
  if (faults !== undefined) return faults;
  if (form === undefined) return t('The training settings are not here yet.');
  if (form.dataFolder === '' || dataset === null) return t('Choose a folder of images, one folder a class.');
  if (dataset.classes.length === 0) return t('{0} holds no class folders.', dataset.label);
  const empty = dataset.classes.find(({ images }) => images === 0);
  if (empty) return t('Class {0} holds no image.', empty.name);
  const outputs = model.layers.filter(({ isOutput }) => isOutput);
  if (outputs.length !== 1) return t('Training needs one output; the model has {0}.', outputs.length);
  if (needsHead(model, dataset)) {
    const units = outputs[0]?.outputShape?.at(-1) ?? t('unknown');
    return t("The model's output has {0} units, the dataset {1} classes.", units, dataset.classes.length);
  }
  if (model.totals.trainable === 0) return t('Every layer is frozen: unfreeze what shall learn.');
  return undefined;
}

/** What must be mended in the model before it can be trained, the first fault in its own words. */
export function faultsInTheWay({ faults }: ModelView): string | undefined {
  const errors = faults.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return undefined;
  return tn(
    errors.length,
    '{0} fault in the model must be mended first: {1}',
    '{0} faults in the model must be mended first: {1}',
    count(errors.length),
    errors[0]?.message,
  );
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
