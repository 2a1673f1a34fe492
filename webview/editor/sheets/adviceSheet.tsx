import { useState } from 'react';
import type { Likeness } from '../../../src/core/freeze/advisor';
import type { DatasetView, ModelView } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { adviceFor, editsOf, isFollowed, withAdvice } from '../model/advice';
import { count } from '../model/text';
import { AdviceCard } from './adviceCard';
import { Field, Sheet } from './sheet';
import { t, tn } from '../../../src/l10n/translate';

const LIKENESSES: readonly { readonly value: Likeness; readonly label: string; readonly note: string }[] = [
  { value: 'similar', label: t('Similar'), note: t('photographs of things, animals, places') },
  { value: 'different', label: t('Different'), note: t('X-rays, satellites, drawings, text') },
  { value: 'unknown', label: t('I don’t know'), note: t('the backbone is trusted first') },
];

/** Asks for what the choice of a strategy depends on, says which it is, and follows it with one click. */
export function AdviceSheet() {
  const model = useEditorState((state) => state.model);
  return model ? <AdviceForm model={model} /> : null;
}

function AdviceForm({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const training = useEditorState((state) => state.training);
  const dataset = training?.dataset ?? null;
  const images = useNumber(imagesIn(dataset), 1);
  const classes = useNumber(dataset?.classes.length, 2);
  const [likeness, setLikeness] = useState<Likeness>();

  const advice =
    images.value !== undefined && classes.value !== undefined && likeness !== undefined
      ? adviceFor(model, { images: images.value, classes: classes.value, likeness })
      : undefined;
  const given = typeof advice === 'object' ? advice : undefined;

  const follow = () => {
    if (!given || !training) return;
    const [edit] = editsOf(given);
    if (edit && !isFollowed(model, given)) controller.post({ type: 'edit', edit });
    controller.changeForm(withAdvice(training.form, given));
    controller.openSide('train');
  };

  return (
    <Sheet
      title={t('Suggest a strategy')}
      actions={
        <>
          <Button onClick={() => controller.openSide('train')}>{t('Back')}</Button>
          <Button
            appearance="primary"
            className="advice-apply"
            disabled={!given || !training}
            title={t('Changes the model in one step that can be undone, and fills the training form')}
            onClick={follow}
          >
            {t('Apply')}
          </Button>
        </>
      }
    >
      <div className="advice-data">
        <div className="field-grid">
          <Field label={t('Images')} problem={images.problem}>
            <TextField label={t('Images')} inputMode="numeric" value={images.text} onInput={images.type} />
          </Field>
          <Field label={t('Classes')} problem={classes.problem}>
            <TextField label={t('Classes')} inputMode="numeric" value={classes.text} onInput={classes.type} />
          </Field>
        </div>
        <p className="sheet-note">
          <Icon name={dataset ? 'folder-opened' : 'folder'} />
          <span>
            {dataset
              ? tn(
                  dataset.classes.length,
                  '{0} holds {1} of {2} class.',
                  '{0} holds {1} of {2} classes.',
                  dataset.label,
                  tn(imagesIn(dataset) ?? 0, '{0} image', '{0} images', count(imagesIn(dataset) ?? 0)),
                  dataset.classes.length,
                )
              : t('They are counted in a folder of images, where you have one.')}{' '}
            <button
              type="button"
              className="link-button"
              onClick={() => controller.post({ type: 'browseDataset' })}
            >
              {t('Browse…')}
            </button>
          </span>
        </p>
      </div>
      <fieldset className="choices">
        <legend className="field-label">{question(model)}</legend>
        {LIKENESSES.map(({ value, label, note }) => (
          <label className="choice advice-choice" key={value} data-chosen={likeness === value || undefined}>
            <input
              type="radio"
              name="likeness"
              value={value}
              checked={likeness === value}
              onChange={() => setLikeness(value)}
            />
            <span className="choice-label">{label}</span>
            <span className="choice-note" title={note}>
              {note}
            </span>
          </label>
        ))}
      </fieldset>
      {advice === undefined ? (
        <p className="sheet-note">
          <Icon name="lightbulb" />
          {t('How many images there are, and how like they are to those before, decides what to freeze.')}
        </p>
      ) : typeof advice === 'string' ? (
        <p className="sheet-problem" role="status" data-severity="warning">
          <Icon name="warning" />
          <span>{advice}</span>
        </p>
      ) : (
        <AdviceCard advice={advice} />
      )}
    </Sheet>
  );
}

function question({ backbone }: ModelView): string {
  return backbone
    ? t('How are your images, compared with what {0} has seen (ImageNet’s photographs)?', backbone.family)
    : t('How are your images, compared with what the model was trained on?');
}

function imagesIn(dataset: DatasetView | null): number | undefined {
  return dataset?.classes.reduce((sum, { images }) => sum + images, 0);
}

/** A whole number: as it was typed, else as it was counted. */
function useNumber(counted: number | undefined, least: number) {
  const [typed, type] = useState<string>();
  const text = typed ?? (counted === undefined ? '' : String(counted));
  const read = /^\d{1,12}$/.test(text.trim()) ? Number(text) : undefined;
  const value = read !== undefined && read >= least ? read : undefined;
  const problem = text !== '' && value === undefined ? t('a whole number from {0}', least) : undefined;
  return { text, type, value, problem };
}
