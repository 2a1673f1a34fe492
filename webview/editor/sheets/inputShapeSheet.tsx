import { useState } from 'react';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { LayerView } from '../../../src/protocol/editor';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { sampleShape } from '../model/text';
import { ConfirmButtons } from './confirmButton';
import { PreviewBox } from './previewBox';
import { Field, Sheet } from './sheet';
import { usePreview } from './usePreview';
import { useOperated, useStep } from './useStep';
import { t } from '../../../src/l10n/translate';

const TITLE = t('Shape of the input');

/** What the axes of pictures are called; other inputs have theirs numbered. */
const PICTURE = [t('Height'), t('Width'), t('Channels')];

export function InputShapeSheet() {
  const { model, selection } = useOperated();
  const step = useStep('inputShape');
  const inputs = (model?.layers ?? []).filter(({ isInput }) => isInput);
  const input = inputs.find(({ id }) => selection.has(id)) ?? inputs[0];
  if (!input?.outputShape) {
    return (
      <Sheet title={TITLE} actions={null}>
        <div className="blank">
          <Icon name="symbol-ruler" />
          <p>{t('The model has no input of a known shape.')}</p>
        </div>
      </Sheet>
    );
  }
  return (
    <ShapeForm
      key={`${input.id} ${String(input.outputShape)}`}
      input={input}
      sizes={input.outputShape.slice(1)}
      {...(step && { start: step.shape })}
      isOnly={inputs.length === 1}
    />
  );
}

function ShapeForm({
  input,
  sizes,
  start = sizes,
  isOnly,
}: {
  readonly input: LayerView;
  readonly sizes: readonly (number | null)[];
  /** What the fields say first. */
  readonly start?: readonly (number | null)[];
  readonly isOnly: boolean;
}) {
  const [texts, setTexts] = useState<readonly string[]>(() =>
    start.map((size) => (size === null ? '' : String(size))),
  );
  const typed = texts.map(readSize);
  const isRead = typed.every((size) => size !== undefined);
  const isNew = typed.some((size, axis) => size !== sizes[axis]);
  const operation: Operation | undefined =
    isRead && isNew
      ? { op: 'inputShape', shape: [...typed], ...(!isOnly && { input: input.name }) }
      : undefined;
  const previewed = usePreview(operation);
  return (
    <Sheet
      title={TITLE}
      actions={
        <>
          <span className="sheet-total" />
          <ConfirmButtons
            operation={operation}
            verb={t('Set the shape')}
            className="shape-confirm"
            disabled={previewed.problem !== undefined}
          />
        </>
      }
    >
      <div className="target-card" data-family={input.family}>
        <i className="family-swatch" />
        <div>
          <strong>{input.name}</strong>
          <span>{t('now {0}', sampleShape(input.outputShape))}</span>
        </div>
      </div>
      <div className="field-grid">
        {texts.map((text, axis) => {
          const label = texts.length === PICTURE.length ? PICTURE[axis]! : t('Axis {0}', axis + 1);
          const problem = readSize(text) === undefined ? t('a whole number from 1, or empty') : undefined;
          return (
            <Field key={axis} label={label} problem={problem}>
              <TextField
                label={label}
                inputMode="numeric"
                value={text}
                placeholder={t('any')}
                {...(problem !== undefined && { invalid: problem })}
                onInput={(next) => setTexts(texts.with(axis, next))}
              />
            </Field>
          );
        })}
      </div>
      <p className="sheet-note">
        <Icon name="info" />
        {t('Weights stay where they still fit. Leave a size empty where it is known only when data arrives.')}
      </p>
      {operation ? <PreviewBox previewed={previewed} /> : null}
    </Sheet>
  );
}

/** A size, null for one that data decides; undefined for what is none. */
function readSize(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '' || typed === '?') return null;
  const size = Number(typed);
  return Number.isSafeInteger(size) && size >= 1 ? size : undefined;
}
