import type { TrainingForm } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { useEditor, useEditorState } from '../editorContext';
import { needsHead, whyNotTrain } from '../model/training';
import { count, countedLayers, isFrozen } from '../model/text';
import type { Training } from '../state/editorState';
import { Field, Sheet } from './sheet';
import { FineTuningPart } from './fineTuningPart';
import { PixelValues } from './pixelValues';
import { Dataset } from './trainDataset';
import { TrainMore } from './trainMore';
import { useNumbers } from './useNumbers';
import { t } from '../../../src/l10n/translate';

const OPTIMIZERS: readonly { readonly value: TrainingForm['optimizer']; readonly label: string }[] = [
  { value: 'sgd', label: t('SGD') },
  { value: 'rmsprop', label: t('RMSprop') },
  { value: 'adam', label: t('Adam') },
  { value: 'adamw', label: t('AdamW') },
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
    ? 'A setting has no usable number.'
    : (whyNotTrain(model, form, dataset, running) ??
      (planProblem === null ? undefined : `In the plan, ${planProblem}.`));
  const frozen = model.layers.filter(isFrozen).length;

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
          {t('Not sure what to freeze, and how to train? ')}
          <button type="button" className="link-button" onClick={() => controller.openSide('advise')}>
            {t('Advise…')}
          </button>
        </span>
      </p>
      <div className="field-grid">
        {number('epochs', 'Epochs')}
        {number('batchSize', 'Batch size')}
        <Field label={t('Optimizer')}>
          <Dropdown
            label={t('Optimizer')}
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
        {t(
          '{0} of {1} parameters will move{2}{3}.',
          count(model.totals.trainable),
          count(model.totals.params),
          form.fineTune ? t(' in the first phase') : '',
          frozen > 0 ? t('; {0} stay frozen', countedLayers(frozen)) : '',
        )}
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
