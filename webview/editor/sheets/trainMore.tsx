import type { ReactNode } from 'react';
import { measuredMonitor } from '../../../src/core/plan/monitor';
import type { TrainingForm } from '../../../src/protocol/editor';
import { Checkbox } from '../../ui/checkbox';
import { Dropdown } from '../../ui/dropdown';
import type { DropdownOption } from '../../ui/dropdown';
import { useEditor } from '../editorContext';
import { extrasOf, withSchedule } from '../model/trainingFields';
import type { ScheduleKind } from '../model/trainingFields';
import { Field } from './sheet';
import type { DrawNumber } from './useNumbers';
import { t } from '../../../src/l10n/translate';

interface PartProps {
  readonly form: TrainingForm;
  readonly number: DrawNumber;
}

/** What a first run does without, folded away; what of it is on is said where it can be seen. */
export function TrainMore(props: PartProps) {
  const extras = extrasOf(props.form).join(', ');
  return (
    <details className="train-more">
      <summary>
        {t('More')}
        {extras === '' ? null : <span className="train-extras">{extras}</span>}
      </summary>
      <SchedulePart {...props} />
      <StoppingPart {...props} />
      <AugmentationPart {...props} />
      <LossPart {...props} />
      <KeepingPart {...props} />
    </details>
  );
}

const SCHEDULES: readonly DropdownOption<ScheduleKind>[] = [
  { value: 'constant', label: t('Constant') },
  { value: 'cosine', label: t('Cosine') },
  { value: 'oneCycle', label: t('One cycle') },
  { value: 'reduceOnPlateau', label: t('On plateau') },
];

function SchedulePart({ form, number }: PartProps) {
  const { controller } = useEditor();
  const kind = form.schedule?.kind ?? 'constant';
  return (
    <Part title={t('Learning rate')}>
      <div className="field-grid">
        <Choice
          label={t('Schedule')}
          value={kind}
          options={SCHEDULES}
          onChange={(next) => controller.changeForm(withSchedule(form, next))}
        />
        {kind === 'oneCycle' ? null : number('warmup', t('Warm-up, epochs'))}
        {kind === 'reduceOnPlateau' ? (
          <>
            {number('factor', t('Factor'))}
            {number('plateau', t('Plateau, epochs'))}
          </>
        ) : null}
      </div>
    </Part>
  );
}

const MONITORS: readonly DropdownOption<string>[] = [
  { value: 'val_loss', label: t('Validation loss') },
  { value: 'val_accuracy', label: t('Validation accuracy') },
  { value: 'loss', label: t('Loss') },
  { value: 'accuracy', label: t('Accuracy') },
];

/** What early stopping begins with; Keras's own patience of 0 ends at the first epoch that is no better. */
const USUAL_STOPPING = { monitor: 'val_loss', patience: 3, restoreBest: true };

function StoppingPart({ form, number }: PartProps) {
  const { controller } = useEditor();
  const { earlyStopping, validation } = form;
  const monitors = MONITORS.filter(({ value }) => measuredMonitor(value, validation > 0) === value);
  return (
    <Part title={t('Early stopping')}>
      <Checkbox
        checked={earlyStopping !== undefined}
        onChange={(on) => controller.changeForm({ ...form, earlyStopping: on ? USUAL_STOPPING : undefined })}
      >
        {t('Stop once it gets no better')}
      </Checkbox>
      {earlyStopping ? (
        <>
          <div className="field-grid">
            <Choice
              // The element keeps the options that it was made with.
              key={monitors.length}
              label={t('Monitor')}
              value={measuredMonitor(earlyStopping.monitor ?? 'val_loss', validation > 0)}
              options={monitors}
              onChange={(monitor) =>
                controller.changeForm({ ...form, earlyStopping: { ...earlyStopping, monitor } })
              }
            />
            {number('patience', t('Patience, epochs'))}
          </div>
          <Checkbox
            checked={earlyStopping.restoreBest === true}
            onChange={(restoreBest) =>
              controller.changeForm({ ...form, earlyStopping: { ...earlyStopping, restoreBest } })
            }
          >
            {t('Restore the best weights')}
          </Checkbox>
        </>
      ) : null}
    </Part>
  );
}

type Flip = NonNullable<NonNullable<TrainingForm['augment']>['flip']>;

const FLIPS: readonly DropdownOption<Flip | 'none'>[] = [
  { value: 'none', label: t('None') },
  { value: 'horizontal', label: t('Horizontal') },
  { value: 'vertical', label: t('Vertical') },
  { value: 'both', label: t('Both') },
];

function AugmentationPart({ form, number }: PartProps) {
  const { controller } = useEditor();
  const flip = form.augment?.flip ?? 'none';
  return (
    <Part title={t('Augmentation')}>
      <div className="field-grid">
        <Choice
          label={t('Flip')}
          value={flip}
          options={FLIPS}
          onChange={(next) =>
            controller.changeForm({
              ...form,
              augment: { ...form.augment, flip: next === 'none' ? undefined : next },
            })
          }
        />
        {number('rotate', t('Rotate, ± degrees'))}
        {number('zoom', t('Zoom, ± %'))}
        {number('shift', t('Shift, ± %'))}
        {number('brightness', t('Brightness, ± %'))}
        {number('contrast', t('Contrast, ± %'))}
      </div>
    </Part>
  );
}

const WEIGHTS: readonly DropdownOption<'equal' | 'balanced'>[] = [
  { value: 'equal', label: t('Equal') },
  { value: 'balanced', label: t('Balanced') },
];

function LossPart({ form, number }: PartProps) {
  const { controller } = useEditor();
  return (
    <Part title={t('Loss')}>
      <div className="field-grid">
        {number('labelSmoothing', t('Label smoothing'))}
        <Choice
          label={t('Class weights')}
          value={form.classWeights ?? 'equal'}
          options={WEIGHTS}
          onChange={(next) =>
            controller.changeForm({ ...form, classWeights: next === 'balanced' ? next : undefined })
          }
        />
      </div>
    </Part>
  );
}

const CACHES: readonly DropdownOption<'auto' | 'off'>[] = [
  { value: 'auto', label: t('Auto') },
  { value: 'off', label: t('Off') },
];

function KeepingPart({ form, number }: PartProps) {
  const { controller } = useEditor();
  return (
    <Part title={t('Keep')}>
      <div className="field-grid">
        {number('checkpoint', t('Checkpoint, epochs'), t('0: the newest alone'))}
        <Choice
          label={t("Frozen layers' features")}
          value={form.cacheFeatures ?? 'auto'}
          options={CACHES}
          onChange={(cacheFeatures) => controller.changeForm({ ...form, cacheFeatures })}
        />
      </div>
    </Part>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div className="train-part" role="group" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </div>
  );
}

function Choice<Value extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: Value;
  readonly options: readonly DropdownOption<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  return (
    <Field label={label}>
      <Dropdown label={label} value={value} options={options} onChange={onChange} />
    </Field>
  );
}
