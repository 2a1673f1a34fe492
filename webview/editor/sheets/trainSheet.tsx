import type { ModelView, TrainingForm } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { useEditor, useEditorState } from '../editorContext';
import { needsHead, whyNotTrain } from '../model/training';
import { count, isFrozen } from '../model/text';
import type { Training } from '../state/editorState';
import { Field, Sheet } from './sheet';
import { FineTuningPart } from './fineTuningPart';
import { PixelValues } from './pixelValues';
import { Dataset } from './trainDataset';
import { TrainMore } from './trainMore';
import { useNumbers } from './useNumbers';
import { t, tn } from '../../../src/l10n/translate';

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
    <Sheet title={t('Train')} actions={null}>
      <div className="blank">
        <ProgressRing label={t('Waiting for the training settings')} />
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
    ? t('A setting has no usable number.')
    : (whyNotTrain(model, form, dataset, running) ??
      (planProblem === null ? undefined : t('In the plan, {0}.', planProblem)));

  return (
    <Sheet
      title={t('Train')}
      actions={
        <>
          <button
            type="button"
            className="link-button show-plan"
            disabled={hasWrong || planProblem !== null || form.dataFolder === ''}
            title={t('Writes the plan file that these settings mean beside the model, and opens it')}
            onClick={() => controller.post({ type: 'showPlan', form })}
          >
            {t('Show the plan')}
          </button>
          {/* While a run goes on no other can be started: what one wants then is to look at it. */}
          {running ? (
            <Button
              appearance="primary"
              icon="graph-line"
              onClick={() => controller.post({ type: 'showRuns' })}
            >
              {t('Show the run')}
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
              {t('Start training')}
            </Button>
          )}
        </>
      }
    >
      <Dataset form={form} dataset={dataset} />
      <p className="sheet-note">
        <Icon name="lightbulb" />
        <span>
          {t('Not sure what to freeze, and how to train?')}{' '}
          <button type="button" className="link-button" onClick={() => controller.openSide('advise')}>
            {t('Advise…')}
          </button>
        </span>
      </p>
      <div className="field-grid">
        {number('epochs', t('Epochs'))}
        {number('batchSize', t('Batch size'))}
        <Field label={t('Optimizer')}>
          <Dropdown
            label={t('Optimizer')}
            value={form.optimizer}
            options={OPTIMIZERS}
            onChange={(optimizer) => controller.changeForm({ ...form, optimizer })}
          />
        </Field>
        {number('learningRate', t('Learning rate'))}
        {number('validation', t('Validation, %'))}
        {number('seed', t('Seed'))}
      </div>
      <PixelValues form={form} backbone={model.backbone} />
      <FineTuningPart form={form} model={model} number={number} />
      <TrainMore form={form} number={number} />
      <p className="sheet-note">
        <Icon name={model.layers.some(isFrozen) ? 'lock' : 'unlock'} />
        {movingWords(model, form)}
      </p>
      {reason === undefined ? null : (
        <p className="sheet-problem" role="status">
          <Icon name="info" />
          <span>
            {reason}{' '}
            {needsHead(model, dataset) ? (
              <button type="button" className="link-button" onClick={() => controller.startGraft()}>
                {t('Graft a head…')}
              </button>
            ) : null}
          </span>
        </p>
      )}
    </Sheet>
  );
}

/** How much of the model training changes, and how much not. */
function movingWords({ layers, totals }: ModelView, { fineTune }: TrainingForm): string {
  const numbers = [count(totals.trainable), count(totals.params)] as const;
  const moving = fineTune
    ? t('{0} of {1} parameters will move in the first phase', ...numbers)
    : t('{0} of {1} parameters will move', ...numbers);
  const frozen = layers.filter(isFrozen).length;
  if (frozen === 0) return `${moving}.`;
  return `${moving}; ${tn(frozen, '{0} layer stays frozen', '{0} layers stay frozen', count(frozen))}.`;
}
