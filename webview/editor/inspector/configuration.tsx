import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { FormField } from '../../../src/core/layers/form';
import type { LayerView } from '../../../src/protocol/editor';
import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { ConfigForm } from '../form/configForm';
import { changedFields } from '../form/fieldText';
import { configValue } from '../model/text';
import { Facts, Section } from './section';
import { t } from '../../../src/l10n/translate';

/** A layer's configuration: a form where its kind has one, else as the file says it. */
export function Configuration({
  layer,
  form,
}: {
  readonly layer: LayerView;
  /** Undefined until the host has said. */
  readonly form: readonly FormField[] | undefined;
}) {
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  const canEdit = layer.opaque === undefined && !weightsOnly && form !== undefined && form.length > 0;
  const named = new Set(canEdit ? form.map(({ name }) => name) : []);
  const others = Object.entries(layer.config).filter(
    ([name]) => name !== 'name' && name !== 'trainable' && !named.has(name),
  );
  if (weightsOnly && others.length === 0) return null;
  return (
    <Section
      title={t('Configuration')}
      aside={canEdit || form === undefined ? null : <span className="section-count">{t('read-only')}</span>}
    >
      {canEdit ? <Form key={`${layer.id} ${layer.kind}`} layer={layer} form={form} /> : null}
      <Facts
        facts={others.map(([name, value]) => ({
          name,
          value: <code data-none={value === null || undefined}>{configValue(value)}</code>,
        }))}
      />
      {canEdit || form === undefined ? null : (
        <p className="hint">{whyReadOnly(layer, weightsOnly, others.length === 0)}</p>
      )}
    </Section>
  );
}

function whyReadOnly(layer: LayerView, weightsOnly: boolean, isEmpty: boolean): string {
  if (weightsOnly) return t('The file holds weights and no architecture: there is nothing to configure.');
  if (layer.opaque !== undefined) {
    return t('The catalogue does not know this layer, so it is kept as the file says it.');
  }
  return isEmpty
    ? t('{0} has nothing to configure.', layer.kind)
    : t('{0} has nothing that can be changed.', layer.kind);
}

/** What people have changed and the host has not answered yet. */
interface Draft {
  readonly values: LayerConfig;
  /** What was on the page when it was sent: anything else is the answer. */
  readonly sent?: { readonly model: unknown; readonly notice: unknown };
}

const NO_DRAFT: Draft = { values: {} };

/** A choice is an edit at once; what is typed becomes one with Enter, or when its field is left. */
function Form({ layer, form }: { readonly layer: LayerView; readonly form: readonly FormField[] }) {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const notice = useEditorState((state) => state.notice);
  const [kept, setDraft] = useState(NO_DRAFT);
  const [times, setTimes] = useState(0);
  // Answered: done, and then the layer says so, or refused, and then the fields go back to what it says.
  const isAnswered = kept.sent !== undefined && (kept.sent.model !== model || kept.sent.notice !== notice);
  const draft = isAnswered ? NO_DRAFT : kept;

  const send = (values: LayerConfig) => {
    const config = changedFields(form, values, layer.config);
    if (Object.keys(config).length === 0) return setDraft(NO_DRAFT);
    setDraft({ values, sent: { model, notice } });
    controller.configure(layer.name, config);
  };
  const change = (name: string, value: unknown) => {
    const field = form.find((one) => one.name === name);
    const values = { ...draft.values, [name]: value === undefined ? field?.preset : value };
    if (field && isChoice(field, value, { ...layer.config, ...draft.values }[name])) send(values);
    else setDraft({ values });
  };
  const finish = () => {
    if (draft.sent === undefined && Object.keys(draft.values).length > 0) send(draft.values);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') finish();
    else if (event.key === 'Escape' && isTypedWrong(event)) {
      setDraft(NO_DRAFT);
      setTimes(times + 1);
    } else return;
    event.stopPropagation();
  };
  /** What was typed is taken back before the selection is. */
  const isTypedWrong = (event: KeyboardEvent) =>
    draft.sent === undefined &&
    (Object.keys(draft.values).length > 0 || event.currentTarget.querySelector('[data-problem]') !== null);

  const presets = form.filter((field) => 'preset' in field);
  const unlike = changedFields(presets, layer.config, {});
  const unusual = presets.filter(({ name }) => name in unlike);
  return (
    <div onBlur={finish} onKeyDown={press}>
      <ConfigForm key={times} form={form} values={{ ...layer.config, ...draft.values }} onChange={change} />
      {unusual.length === 0 ? null : (
        <div className="unusual">
          <span>{t('Not at the default:')}</span>
          {unusual.map(({ name, preset }) => (
            <button
              type="button"
              key={name}
              title={t('Reset {0} to {1}', name, configValue(preset))}
              aria-label={t('Reset {0} to {1}', name, configValue(preset))}
              onClick={() => send({ [name]: preset })}
            >
              {name}
              <Icon name="discard" />
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Whether it was chosen, not typed: of an object its class is, its settings are not. */
function isChoice({ control }: FormField, value: unknown, before: unknown): boolean {
  if (control.type === 'flag' || control.type === 'word') return true;
  return control.type === 'object' && kindOf(value) !== kindOf(before);
}

function kindOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
}
