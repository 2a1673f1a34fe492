import { useState } from 'react';
import type { DatasetView, TrainingForm } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { NUMBER_FIELDS, needsHead, readNumber, textsOf, whyNotTrain, withNumber } from '../model/training';
import type { FormTexts, NumberField } from '../model/training';
import { count, counted, isFrozen } from '../model/text';
import type { Training } from '../state/editorState';
import { Field, Sheet } from './sheet';

const OPTIMIZERS: readonly { readonly value: TrainingForm['optimizer']; readonly label: string }[] = [
  { value: 'sgd', label: 'SGD' },
  { value: 'adam', label: 'Adam' },
];

const PREPROCESSING: readonly { readonly value: TrainingForm['preprocess']; readonly label: string }[] = [
  { value: 'none', label: 'None: 0 to 255' },
  { value: 'unit', label: 'Unit: 0 to 1' },
  { value: 'tf', label: 'TensorFlow: -1 to 1' },
  { value: 'caffe', label: 'Caffe: BGR, mean subtracted' },
  { value: 'torch', label: 'Torch: ImageNet mean and deviation' },
];

export function TrainSheet() {
  const training = useEditorState((state) => state.training);
  return training ? (
    <TrainForm training={training} />
  ) : (
    <Sheet title="Train" actions={null}>
      <div className="blank">
        <ProgressRing label="Waiting for the training settings" />
      </div>
    </Sheet>
  );
}

function TrainForm({ training }: { readonly training: Training }) {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const { form, dataset, running } = training;
  const [texts, setTexts] = useState<FormTexts>(() => textsOf(form));
  if (!model) return null;

  const typed = (field: NumberField, text: string) => {
    setTexts({ ...texts, [field]: text });
    const value = readNumber(field, text);
    if (value !== undefined) controller.changeForm(withNumber(form, field, value));
  };
  const number = (field: NumberField, label: string) => {
    const problem = readNumber(field, texts[field]) === undefined ? NUMBER_FIELDS[field].expected : undefined;
    return (
      <Field label={label} problem={problem}>
        <TextField
          label={label}
          inputMode="decimal"
          value={texts[field]}
          onInput={(text) => typed(field, text)}
          {...(problem === undefined ? {} : { invalid: problem })}
        />
      </Field>
    );
  };

  const wrong = (Object.keys(texts) as NumberField[]).some(
    (field) => readNumber(field, texts[field]) === undefined,
  );
  const reason = wrong ? 'A setting has no usable number.' : whyNotTrain(model, form, dataset, running);
  const frozen = model.layers.filter(isFrozen).length;

  return (
    <Sheet
      title="Train"
      actions={
        <>
          {running ? (
            <Button icon="graph-line" onClick={() => controller.post({ type: 'showRuns' })}>
              Show the run
            </Button>
          ) : null}
          <Button
            appearance="primary"
            icon="play"
            className="train-start"
            disabled={reason !== undefined}
            {...(reason === undefined ? {} : { title: reason })}
            onClick={() => controller.post({ type: 'train', form })}
          >
            Start training
          </Button>
        </>
      }
    >
      <Dataset form={form} dataset={dataset} />
      <div className="field-grid">
        {number('epochs', 'Epochs')}
        {number('batchSize', 'Batch size')}
        <Field label="Optimizer">
          <Dropdown
            label="Optimizer"
            value={form.optimizer}
            options={OPTIMIZERS}
            onChange={(optimizer) => controller.changeForm({ ...form, optimizer })}
          />
        </Field>
        {number('learningRate', 'Learning rate')}
        {number('validation', 'Validation, %')}
        {number('seed', 'Seed')}
      </div>
      <Field label="Pixel values">
        <Dropdown
          label="Pixel values"
          value={form.preprocess}
          options={PREPROCESSING}
          onChange={(preprocess) => controller.changeForm({ ...form, preprocess })}
        />
      </Field>
      <p className="sheet-note">
        <Icon name={frozen > 0 ? 'lock' : 'unlock'} />
        {count(model.totals.trainable)} of {count(model.totals.params)} parameters will move
        {frozen > 0 ? `; ${counted(frozen, 'layer')} stay frozen` : ''}.
      </p>
      {reason === undefined ? null : (
        <p className="sheet-problem" role="status">
          <Icon name="info" />
          <span>
            {reason}{' '}
            {needsHead(model, dataset) ? (
              <button type="button" className="link-button" onClick={() => controller.startGraft()}>
                Graft a head…
              </button>
            ) : null}
          </span>
        </p>
      )}
    </Sheet>
  );
}

function Dataset({ form, dataset }: { readonly form: TrainingForm; readonly dataset: DatasetView | null }) {
  const { controller } = useEditor();
  const images = dataset?.classes.reduce((sum, one) => sum + one.images, 0) ?? 0;
  const most = dataset?.classes.reduce((largest, one) => Math.max(largest, one.images), 1) ?? 1;
  return (
    <div className="field">
      <span className="field-label">Dataset</span>
      <div className="dataset">
        <div className="dataset-head">
          <Icon name={dataset ? 'folder-opened' : 'folder'} />
          <span className="dataset-label" title={form.dataFolder}>
            {dataset?.label ?? (form.dataFolder || 'No folder chosen')}
          </span>
          <Button onClick={() => controller.post({ type: 'browseDataset' })}>Browse…</Button>
        </div>
        {dataset ? (
          <>
            <p className="dataset-total">
              {counted(images, 'image')} in {dataset.classes.length}{' '}
              {dataset.classes.length === 1 ? 'class' : 'classes'}
            </p>
            <ul className="classes">
              {dataset.classes.map(({ name, images: own }) => (
                <li key={name} data-empty={own === 0 || undefined}>
                  <span className="class-name">{name}</span>
                  <span className="class-bar">
                    <i style={{ width: `${(own / most) * 100}%` }} />
                  </span>
                  <span className="class-count">{count(own)}</span>
                </li>
              ))}
            </ul>
          </>
        ) : (
          <p className="dataset-total">A folder of images, with one folder for each class.</p>
        )}
      </div>
    </div>
  );
}
