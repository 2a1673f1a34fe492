import { useId } from 'react';
import { batchNormalizationPolicy } from '../../../src/core/freeze/batchNormalization';
import type { ModelView } from '../../../src/protocol/editor';
import { useEditor, useEditorState } from '../editorContext';
import { Section } from '../inspector/section';
import type { BatchNormalizationChoice } from '../state/freezing';
import { t } from '../../../src/l10n/translate';

const KIND = 'BatchNormalization';

const CHOICES: readonly {
  readonly choice: BatchNormalizationChoice;
  readonly label: string;
  readonly meaning: string;
}[] = [
  {
    choice: 'follows',
    label: t('Follows its layer'),
    meaning: t(
      'Where it is frozen it normalizes by its stored statistics and nothing of it changes; elsewhere it learns. The usual choice.',
    ),
  },
  {
    choice: 'trainable',
    label: t('Stays trainable'),
    meaning: t(
      'Scale, offset and moving statistics go on learning even where all around is frozen: for pictures unlike those it was trained on, in large batches.',
    ),
  },
  {
    choice: 'inference',
    label: t('Inference'),
    meaning: t(
      'Every one normalizes by its stored statistics during training, trainable ones too, and the statistics stay: for small batches.',
    ),
  },
];

/** What freezing and training do to BatchNormalization, where the model has it. */
export function BatchNormalization({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const form = useEditorState((state) => state.training?.form);
  const group = useId();
  if (!model.layers.some(({ kind }) => kind === KIND)) return null;
  const chosen =
    form?.batchNorm === 'inference' ? 'inference' : batchNormalizationPolicy(model.recipe.freeze);
  return (
    <Section title={KIND}>
      <div role="radiogroup" aria-label={KIND} className="radios">
        {CHOICES.map(({ choice, label, meaning }) => (
          <label key={choice} className="radio" data-chosen={choice === chosen || undefined}>
            <input
              type="radio"
              name={group}
              value={choice}
              checked={choice === chosen}
              // The training's own: it is known once the host has sent its settings.
              disabled={choice === 'inference' && form === undefined}
              aria-describedby={`${group}-${choice}`}
              onChange={() => controller.chooseBatchNormalization(choice)}
            />
            <span>
              <strong>{label}</strong>
              <small id={`${group}-${choice}`}>{meaning}</small>
            </span>
          </label>
        ))}
      </div>
    </Section>
  );
}
