import type { TrainingForm } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { useEditor, useEditorState } from '../editorContext';
import { needsHead, whyNotTrain } from '../model/training';
import { count, counted, isFrozen } from '../model/text';
import type { Training } from '../state/editorState';
import { Field, Sheet } from './sheet';
import { FineTuningPart } from './fineTuningPart';
import { PixelValues } from './pixelValues';
import { Dataset } from './trainDataset';
import { TrainMore } from './trainMore';
import { useNumbers } from './useNumbers';

const OPTIMIZERS: readonly { readonly value: TrainingForm['optimizer']; readonly label: string }[] = [
  { value: 'sgd', label: 'SGD' },
  { value: 'rmsprop', label: 'RMSprop' },
  { value: 'adam', label: 'Adam' },
  { value: 'adamw', label: 'AdamW' },
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
  const planProblem = useEditorState((state) => state.planProblem);
  const { form, dataset, running } = training;
  const { number, hasWrong } = useNumbers(form);
  if (!model) return null;

  const reason = hasWrong
    ? 'A setting has no usable number.'
    : (whyNotTrain(model, form, dataset, running) ??
      (planProblem === null ? undefined : `In the plan, ${planProblem}.`));
  const frozen = model.layers.filter(isFrozen).length;

  return (
    <Sheet
      title="Train"
      actions={
        <>
          <button
            type="button"
            className="link-button show-plan"
            disabled={hasWrong || planProblem !== null || form.dataFolder === ''}
            title="Writes the plan file that these settings mean beside the model, and opens it"
            onClick={() => controller.post({ type: 'showPlan', form })}
          >
            Show the plan
          </button>
          {/* While a run goes on no other can be started: what one wants then is to look at it. */}
          {running ? (
            <Button
              appearance="primary"
              icon="graph-line"
              onClick={() => controller.post({ type: 'showRuns' })}
            >
              Show the run
            </Button>
          ) : (
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
          )}
        </>
      }
    >
      <Dataset form={form} dataset={dataset} />
      <p className="sheet-note">
        <Icon name="lightbulb" />
        <span>
          Not sure what to freeze, and how to train?{' '}
          <button type="button" className="link-button" onClick={() => controller.openSide('advise')}>
            Advise…
          </button>
        </span>
      </p>
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
      <PixelValues form={form} backbone={model.backbone} />
      <FineTuningPart form={form} model={model} number={number} />
      <TrainMore form={form} number={number} />
      <p className="sheet-note">
        <Icon name={frozen > 0 ? 'lock' : 'unlock'} />
        {count(model.totals.trainable)} of {count(model.totals.params)} parameters will move
        {form.fineTune ? ' in the first phase' : ''}
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
