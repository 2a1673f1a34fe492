import { useEffect, useState } from 'react';
import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { NewLayer, Operation } from '../../../src/core/surgery/recipe';
import type { LayerView, ModelView } from '../../../src/protocol/editor';
import type { KindView, PreviewedLayer } from '../../../src/protocol/surgerySheets';
import { Button } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { ConfigForm } from '../form/configForm';
import { changedFields, missingField } from '../form/fieldText';
import { indexModel } from '../model/modelIndex';
import { sampleShape, weightShape } from '../model/text';
import type { LayerPlace } from '../state/surgery';
import { ConfirmButtons } from './confirmButton';
import { kindPicks, takesTensors } from './kindPicks';
import { PickList } from './pickList';
import { newParameters, PreviewBox } from './previewBox';
import { Field, Sheet } from './sheet';
import { usePreview } from './usePreview';
import { useOperated, useStep } from './useStep';
import { t } from '../../../src/l10n/translate';

/** A layer to put into the model, or in place of one: its kind, its configuration, and what comes of it. */
export function LayerSheet() {
  const { controller } = useEditor();
  const { model } = useOperated();
  const { place, kinds } = useEditorState((state) => state.surgery);
  useEffect(() => {
    if (kinds === null) controller.post({ type: 'kinds' });
  }, [controller, kinds]);
  if (!model) return null;
  const index = indexModel(model);
  const at = place && index.byId.get(place.mode === 'add' ? place.after : place.layer);
  const title = place?.mode === 'replace' ? t('Replace a layer') : t('Insert a layer');
  if (!place || !at) {
    return (
      <Sheet title={title} actions={null}>
        <div className="blank">
          <Icon name="add" />
          <p>{t('The layer that this was about is gone. Select another, or the line between two.')}</p>
        </div>
      </Sheet>
    );
  }
  if (!kinds) {
    return (
      <Sheet title={title} actions={null}>
        <div className="blank">
          <ProgressRing label={t('Waiting for the kinds of layers')} />
        </div>
      </Sheet>
    );
  }
  return <LayerForm key={`${place.mode} ${at.id}`} {...{ model, place, at, kinds, title }} />;
}

interface Target {
  readonly model: ModelView;
  readonly place: LayerPlace;
  readonly at: LayerView;
  readonly kinds: readonly KindView[];
  readonly title: string;
}

function LayerForm({ model, place, at, kinds, title }: Target) {
  const start = useStartLayer();
  const [kindName, setKindName] = useState<string | null>(start?.kind ?? null);
  const [picking, setPicking] = useState(start === undefined);
  const [values, setValues] = useState<LayerConfig>(start?.config ?? {});
  const [name, setName] = useState(start?.name ?? '');
  const [wrong, setWrong] = useState(false);
  const kind = kinds.find((known) => known.name === kindName);
  const replaces = place.mode === 'replace';
  const fitting = kinds.filter((known) => (replaces ? takesTensors(known, at) : takesTensors(known)));

  const missing = kind && missingField(kind.form, values);
  const layer: NewLayer | undefined =
    kind && missing === undefined && !wrong
      ? {
          kind: kind.name,
          ...(name.trim() !== '' && { name: name.trim() }),
          ...withConfig(changedFields(kind.form, values, {})),
        }
      : undefined;
  const operation = layer && operationOf(model, place, at, layer);
  const previewed = usePreview(operation);
  const verb = replaces ? t('Replace') : place.before === null ? t('Append') : t('Insert');

  const choose = (next: string) => {
    const chosen = kinds.find((known) => known.name === next);
    if (!chosen) return;
    setKindName(next);
    setPicking(false);
    setWrong(false);
    setValues(carriedOver(chosen, replaces ? { ...at.config, ...values } : values));
  };
  return (
    <Sheet
      title={title}
      actions={
        <>
          <span className="sheet-total">{operation ? newParameters(previewed) : ''}</span>
          <ConfirmButtons
            operation={operation}
            verb={verb}
            className="layer-confirm"
            disabled={previewed.problem !== undefined}
          />
        </>
      }
    >
      <Where model={model} place={place} at={at} />
      {kind && !picking ? (
        <>
          <div className="kind-row" data-family={kind.family}>
            <i className="family-swatch" />
            <strong>{kind.name}</strong>
            <Button onClick={() => setPicking(true)}>{t('Change…')}</Button>
          </div>
          <Field label={t('Name')}>
            <TextField
              label={t('Name')}
              value={name}
              placeholder={replaces ? at.name : t('made up from the kind')}
              onInput={setName}
            />
          </Field>
          {kind.form.length === 0 ? <p className="sheet-note">{t('It has nothing to set.')}</p> : null}
          <ConfigForm
            key={kind.name}
            form={kind.form}
            values={values}
            onChange={(field, value) => setValues((before) => ({ ...before, [field]: value }))}
            onProblems={(problems) => setWrong(Object.keys(problems).length > 0)}
          />
          {missing === undefined ? null : (
            <p className="sheet-note">
              <Icon name="info" />
              {t('Say {0} to see what comes of it.', missing)}
            </p>
          )}
          {operation ? <PreviewBox previewed={previewed} /> : null}
          {operation && replaces && previewed.found ? (
            <Weights before={at} after={previewed.found.changed.find((one) => isSame(one, at, name))} />
          ) : null}
        </>
      ) : (
        <PickList
          label={t('Kinds of layers')}
          of="kind"
          picks={kindPicks(fitting)}
          chosen={kindName ?? (replaces ? at.kind : null)}
          autofocus
          onPick={choose}
        />
      )}
    </Sheet>
  );
}

/** The layer that the step which is edited puts in. */
function useStartLayer(): NewLayer | undefined {
  const step = useStep('append', 'insert', 'replace');
  return step?.op === 'replace' ? step.with : step?.layers[0];
}

const isSame = ({ name }: PreviewedLayer, at: LayerView, given: string) =>
  name === (given.trim() === '' ? at.name : given.trim());

const withConfig = (config: LayerConfig) => (Object.keys(config).length === 0 ? {} : { config });

/** What another kind has by the same name stays as it was set. */
function carriedOver({ form }: KindView, values: LayerConfig): LayerConfig {
  return Object.fromEntries(
    form.flatMap(({ name }) => (name in values ? [[name, values[name]] as const] : [])),
  );
}

function operationOf(
  model: ModelView,
  place: LayerPlace,
  at: LayerView,
  layer: NewLayer,
): Operation | undefined {
  if (place.mode === 'replace') return { op: 'replace', layer: at.name, with: layer };
  if (place.before === null) return { op: 'append', after: at.name, layers: [layer] };
  const before = indexModel(model).byId.get(place.before);
  return before && { op: 'insert', between: [at.name, before.name], layers: [layer] };
}

/** Where the layer goes, and which of the layers that read there shall read it. */
function Where({ model, place, at }: Pick<Target, 'model' | 'place' | 'at'>) {
  const { controller } = useEditor();
  const index = indexModel(model);
  const readers = (index.readers.get(at.id) ?? []).flatMap((id) => index.byId.get(id) ?? []);
  const END = 'end of the model';
  return (
    <>
      <div className="target-card" data-family={at.family}>
        <i className="family-swatch" />
        <div>
          <strong>
            {place.mode === 'replace' ? t('In place of {0}', at.name) : t('After {0}', at.name)}
          </strong>
          <span>
            {at.kind},{' '}
            {place.mode === 'replace' ? sampleShape(at.inputShapes[0] ?? null) : sampleShape(at.outputShape)}
          </span>
        </div>
      </div>
      {place.mode === 'add' && readers.length > 0 ? (
        <Field
          label={t('Before')}
          {...(readers.length > 1 && { note: t('Others that read {0} go on reading it.', at.name) })}
        >
          <Dropdown
            label={t('Before')}
            value={place.before ?? END}
            options={[
              ...readers.map(({ id, name }) => ({ value: id, label: name })),
              { value: END, label: t('nothing: it becomes the output') },
            ]}
            onChange={(next) => controller.insertAt(at.id, next === END ? null : next)}
          />
        </Field>
      ) : null}
    </>
  );
}

/** Which weights of a layer stay, and which start anew. */
function Weights({
  before,
  after,
}: {
  readonly before: LayerView;
  readonly after: PreviewedLayer | undefined;
}) {
  const weights = after?.weights ?? before.weights;
  if (weights.length === 0 && before.weights.length === 0) return null;
  const isKept = ({ name, shape, fresh }: LayerView['weights'][number]) => {
    const old = before.weights.find((weight) => weight.name === name);
    return old !== undefined && old.fresh === fresh && weightShape(old.shape) === weightShape(shape);
  };
  const kept = weights.filter(isKept);
  return (
    <div className="preview">
      <span className="field-label">
        {weights.length > kept.length
          ? t('Weights: {0} kept, {1} anew', kept.length, weights.length - kept.length)
          : t('Weights: {0} kept', kept.length)}
      </span>
      {weights.length === 0 ? (
        <p className="sheet-note">{t('It has none.')}</p>
      ) : (
        <ol className="weight-fates">
          {weights.map((weight) => (
            <li key={weight.name} data-kept={isKept(weight) || undefined}>
              <span className="preview-kind">{weight.name}</span>
              <span className="preview-shape">{weightShape(weight.shape)}</span>
              <span className="preview-detail">{isKept(weight) ? t('kept') : t('starts anew')}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
