import { useEffect, useState } from 'react';
import type { HeadOptions } from '../../../src/core/surgery/head';
import { headLayers } from '../../../src/core/surgery/head';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { DatasetView, LayerView } from '../../../src/protocol/editor';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { headCost, headWords, poolingProblem, previewHead, spatialAxes } from '../model/headPreview';
import type { HeadRow } from '../model/headPreview';
import { headIn } from '../model/headIn';
import { downstreamOf, indexModel } from '../model/modelIndex';
import { count, sampleShape, shortCount } from '../model/text';
import { graftPlace } from '../state/actions';
import { ConfirmButtons } from './confirmButton';
import { Field, Sheet } from './sheet';
import { useOperated, useStep } from './useStep';
import { t, tn } from '../../../src/l10n/translate';

const POOLINGS: readonly {
  readonly value: HeadOptions['pooling'];
  readonly label: string;
  readonly note: string;
}[] = [
  { value: 'average', label: t('Global average'), note: t('mean') },
  { value: 'max', label: t('Global max'), note: t('maximum') },
  { value: 'flatten', label: t('Flatten'), note: t('every value') },
  { value: 'none', label: t('None'), note: t('features as they are') },
];

const ACTIVATIONS: readonly { readonly value: HeadOptions['activation']; readonly label: string }[] = [
  { value: 'softmax', label: t('Softmax: one class an image') },
  { value: 'sigmoid', label: t('Sigmoid: classes apart') },
  { value: 'linear', label: t('Linear: raw scores') },
];

export function GraftSheet() {
  const { model, selection } = useOperated();
  if (!model) return null;
  const place = graftPlace(indexModel(model), selection);
  return typeof place === 'string' ? (
    <Sheet title={t('Graft a head')} actions={null}>
      <div className="blank">
        <Icon name="type-hierarchy-sub" />
        <p>{place}.</p>
      </div>
    </Sheet>
  ) : (
    <HeadForm on={place} key={place.id} />
  );
}

function HeadForm({ on }: { readonly on: LayerView }) {
  const { controller } = useEditor();
  const { model } = useOperated();
  const step = useStep('append');
  const start = step && headIn(step.layers);
  const dataset = useEditorState((state) => state.training?.dataset ?? null);
  const heads = useEditorState((state) => state.surgery.heads);
  useEffect(() => controller.post({ type: 'heads' }), [controller]);
  const shape = on.outputShape;
  const [pooling, setPooling] = useState<HeadOptions['pooling']>(
    start?.pooling ?? (shape !== null && poolingProblem('average', shape) === undefined ? 'average' : 'none'),
  );
  const [hidden, setHidden] = useState(start?.hiddenUnits.join(', ') ?? '');
  const [dropout, setDropout] = useState(String(start?.dropout ?? 0.2));
  // As many as the data has; else as the model answers with now, so that every pooling has its price from the start.
  const present = model?.layers.find(({ isOutput }) => isOutput)?.outputShape?.at(-1);
  const [classes, setClasses] = useState(String(start?.classes ?? dataset?.classes.length ?? present ?? ''));
  const match = useMatchedClasses((found) => setClasses(String(found)));
  const [activation, setActivation] = useState<HeadOptions['activation']>(start?.activation ?? 'softmax');

  const hiddenUnits = readUnits(hidden);
  const rate = readRate(dropout);
  const units = readUnits(classes);
  const classCount = units?.length === 1 ? units[0] : undefined;
  const problem = shape === null ? undefined : poolingProblem(pooling, shape);
  const options = (chosen: HeadOptions['pooling']): HeadOptions | undefined =>
    hiddenUnits && rate !== undefined && classCount !== undefined
      ? { pooling: chosen, hiddenUnits, dropout: rate, classes: classCount, activation }
      : undefined;
  const chosen = options(pooling);
  const rows = chosen && shape && problem === undefined ? previewHead(chosen, shape) : undefined;
  const operation: Operation | undefined =
    chosen && shape
      ? { op: 'append', after: on.name, layers: headLayers(chosen, spatialAxes(shape)) }
      : undefined;
  const costs = POOLINGS.map(({ value }) => {
    const head = options(value);
    const wrong = shape === null ? undefined : poolingProblem(value, shape);
    return head && shape && wrong === undefined ? headCost(previewHead(head, shape)) : NaN;
  });
  const dearest = Math.max(...costs.filter((cost) => !Number.isNaN(cost)));
  const recall = (head: HeadOptions) => {
    setPooling(head.pooling);
    setHidden(head.hiddenUnits.join(', '));
    setDropout(String(head.dropout));
    setActivation(head.activation);
    setClasses(String(dataset?.classes.length ?? head.classes));
  };
  const replaced = model ? downstreamOf(indexModel(model), on.id).size : 0;

  return (
    <Sheet
      title={t('Graft a head')}
      actions={
        <>
          <span className="sheet-total">{rows ? t('{0} new parameters', count(headCost(rows))) : ''}</span>
          <ConfirmButtons
            operation={operation}
            verb={t('Graft')}
            className="graft-confirm"
            disabled={!rows}
            also={() => {
              if (chosen) controller.post({ type: 'rememberHead', head: chosen });
            }}
          />
        </>
      }
    >
      <div className="target-card" data-family={on.family}>
        <i className="family-swatch" />
        <div>
          <strong>{t('After {0}', on.name)}</strong>
          <span>
            {on.kind}, {sampleShape(shape)}
          </span>
        </div>
      </div>
      <p className="sheet-note">
        <Icon name="info" />
        {replaced === 0
          ? t('Select another layer to graft there.')
          : tn(
              replaced,
              'Replaces the layer after it. Select another layer to graft there.',
              'Replaces the {0} layers after it. Select another layer to graft there.',
              count(replaced),
            )}
      </p>
      <fieldset className="choices">
        <legend className="field-label">{t('Pooling')}</legend>
        {POOLINGS.map(({ value, label, note }, place) => {
          const wrong = shape === null ? undefined : poolingProblem(value, shape);
          const cost = costs[place]!;
          return (
            <label className="choice" key={value} data-chosen={pooling === value || undefined} title={wrong}>
              <input
                type="radio"
                name="pooling"
                value={value}
                checked={pooling === value}
                disabled={wrong !== undefined}
                onChange={() => setPooling(value)}
              />
              <span className="choice-label">{label}</span>
              <span className="choice-note">{wrong ?? note}</span>
              {Number.isNaN(cost) ? null : (
                <span className="choice-cost" title={t('{0} new parameters', count(cost))}>
                  {shortCount(cost)}
                  <progress aria-hidden="true" max={Math.max(dearest, 1)} value={cost} />
                </span>
              )}
            </label>
          );
        })}
      </fieldset>
      <div className="field-grid">
        <Field
          label={t('Classes')}
          problem={classes !== '' && classCount === undefined ? t('a whole number from {0}', 1) : undefined}
          {...(dataset && classes === String(dataset.classes.length)
            ? { note: t('as {0} has', dataset.label) }
            : {})}
        >
          <TextField
            label={t('Classes')}
            inputMode="numeric"
            value={classes}
            onInput={setClasses}
            placeholder="5"
          />
          <button
            type="button"
            className="link-button"
            title={t('As many as the images to train on have folders')}
            onClick={() => match(dataset)}
          >
            {t('Match my data')}
          </button>
        </Field>
        <Field label={t('Dropout')} problem={rate === undefined ? t('a share from 0 to 0.99') : undefined}>
          <TextField label={t('Dropout')} inputMode="decimal" value={dropout} onInput={setDropout} />
        </Field>
      </div>
      <Field
        label={t('Hidden units')}
        note={t('One number a hidden layer, ReLU after each; empty for none.')}
        problem={hiddenUnits ? undefined : t('whole numbers from 1, such as 128 or 256, 64')}
      >
        <TextField label={t('Hidden units')} value={hidden} onInput={setHidden} placeholder={t('none')} />
      </Field>
      <Field label={t('Activation')}>
        <Dropdown
          label={t('Activation of the last layer')}
          value={activation}
          options={ACTIVATIONS}
          onChange={setActivation}
        />
      </Field>
      {heads.length === 0 ? null : (
        <div className="heads">
          <span className="field-label">{t('Heads made before')}</span>
          {heads.map((head) => (
            <button type="button" className="link-button" key={headWords(head)} onClick={() => recall(head)}>
              {headWords(head)}
            </button>
          ))}
        </div>
      )}
      {problem === undefined ? null : <p className="sheet-problem">{problem}</p>}
      {rows ? <Preview rows={rows} /> : null}
    </Sheet>
  );
}

/** Fills in how many classes the data has; asks for the data where none is known, and fills in when it comes. */
function useMatchedClasses(fill: (classes: number) => void): (dataset: DatasetView | null) => void {
  const { controller, store } = useEditor();
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    if (!asked) return;
    return store.subscribe(() => {
      const dataset = store.get().training?.dataset;
      if (!dataset) return;
      setAsked(false);
      fill(dataset.classes.length);
    });
  }, [asked, store, fill]);
  return (dataset) => {
    if (dataset) return fill(dataset.classes.length);
    setAsked(true);
    controller.post({ type: 'browseDataset' });
  };
}

function Preview({ rows }: { readonly rows: readonly HeadRow[] }) {
  return (
    <div className="preview">
      <span className="field-label">{t('New layers')}</span>
      <ol>
        {rows.map(({ kind, detail, output, params }, place) => (
          <li key={place}>
            <span className="preview-kind">{kind}</span>
            <span className="preview-detail">{detail}</span>
            <span className="preview-shape">{sampleShape([null, ...output])}</span>
            <span className="preview-params">
              {params > 0 ? count(params) : Number.isNaN(params) ? '?' : '0'}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** `128, 64` as numbers; undefined where one is no whole number from 1. */
function readUnits(text: string): readonly number[] | undefined {
  const parts = text.split(/[\s,]+/).filter((part) => part !== '');
  const units = parts.map(Number);
  return units.every((value) => Number.isInteger(value) && value >= 1) ? units : undefined;
}

function readRate(text: string): number | undefined {
  const rate = text.trim() === '' ? 0 : Number(text);
  return rate >= 0 && rate < 1 ? rate : undefined;
}
