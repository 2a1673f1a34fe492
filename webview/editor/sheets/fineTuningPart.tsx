import type { ModelView, TrainingForm } from '../../../src/protocol/editor';
import { stageCount, stagesLeftFrozen } from '../../../src/protocol/stageCount';
import { Checkbox } from '../../ui/checkbox';
import { useEditor } from '../editorContext';
import { count } from '../model/text';
import { usualFineTuning } from '../model/trainingFields';
import type { DrawNumber } from './useNumbers';
import { t } from '../../../src/l10n/translate';

/** The usual second phase: once the head has learned, the last stages learn too, slowly. */
export function FineTuningPart({
  form,
  model,
  number,
}: {
  readonly form: TrainingForm;
  readonly model: ModelView;
  readonly number: DrawNumber;
}) {
  const { controller } = useEditor();
  const { fineTune } = form;
  const stages = stageCount(model);
  return (
    <div className="train-part" role="group" aria-label={t('Second phase')}>
      <Checkbox
        checked={fineTune !== undefined}
        onChange={(on) =>
          controller.changeForm({ ...form, fineTune: on ? usualFineTuning(form, stages) : undefined })
        }
      >
        {t('Then fine-tune the last stages')}
      </Checkbox>
      {fineTune ? (
        <>
          <div className="field-grid field-thirds">
            {number('tunedStages', t('Last stages'))}
            {number('tunedEpochs', t('More epochs'))}
            {number('tunedRate', t('At rate'))}
          </div>
          <p className="field-note">
            {t('{0} BatchNormalization goes by its stored statistics.', leftFrozen(stages, fineTune.stages))}
          </p>
        </>
      ) : null}
    </div>
  );
}

function leftFrozen(stages: number, unfrozen: number): string {
  const first = stagesLeftFrozen(stages, unfrozen);
  if (first === 0) return t('No layer stays frozen.');
  // One that stays frozen is one of several: the fine-tuned ones are others.
  return first === 1
    ? t('The first of {0} stages stays frozen.', count(stages))
    : t('The first {0} of {1} stages stay frozen.', first, count(stages));
}
