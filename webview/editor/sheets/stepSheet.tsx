import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Operation } from '../../../src/core/surgery/recipe';
import type { LayerConfig } from '../../../src/core/graph/layerGraph';
import type { LayerView, ModelView } from '../../../src/protocol/editor';
import { Icon } from '../../ui/icon';
import { ProgressRing } from '../../ui/progressRing';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { ConfigForm } from '../form/configForm';
import { changedFields } from '../form/fieldText';
import { indexModel } from '../model/modelIndex';
import { countedLayers, sampleShape } from '../model/text';
import { ConfirmButtons } from './confirmButton';
import { PickList } from './pickList';
import type { Pick } from './pickList';
import { PreviewBox } from './previewBox';
import { Field, Sheet } from './sheet';
import { usePreview } from './usePreview';
import { t } from '../../../src/l10n/translate';

type OperationOf<Op extends Operation['op']> = Extract<Operation, { readonly op: Op }>;

interface Of<Op extends Operation['op']> {
  readonly step: OperationOf<Op>;
  /** The model as the step finds it. */
  readonly before: ModelView;
}

/** A step of the recipe that is made without a sheet: by a key, a menu, or in the inspector. */
export function StepSheet() {
  const step = useEditorState((state) => state.surgery.step);
  if (!step) return null;
  const { operation, before } = step;
  const key = step.upTo;
  switch (operation.op) {
    case 'cut':
      return <CutForm key={key} step={operation} before={before} />;
    case 'remove':
    case 'reinitialize':
      return <LayersForm key={key} step={operation} before={before} />;
    case 'rename':
      return <RenameForm key={key} step={operation} before={before} />;
    case 'configure':
      return <ConfigureForm key={key} step={operation} before={before} />;
    default:
      return null;
  }
}

function CutForm({ step, before }: Of<'cut'>) {
  const [after, setAfter] = useState(step.after);
  const operation: Operation = { op: 'cut', after };
  const { byId, byName } = indexModel(before);
  return (
    <Form title={t('Cut')} operation={operation}>
      <p className="sheet-note">
        <Icon name="info" />
        {t('Everything up to this layer stays; what hangs after it goes.')}
      </p>
      <PickList
        label={t('Last layer that stays')}
        of="layer"
        picks={picksOf(before)}
        chosen={byName.get(after)?.id ?? null}
        onPick={(id) => setAfter(byId.get(id)?.name ?? after)}
      />
    </Form>
  );
}

const LAYERS: Readonly<Record<'remove' | 'reinitialize', { readonly title: string; readonly note: string }>> =
  {
    remove: { title: t('Remove layers'), note: t('These layers go, and their neighbours are joined.') },
    reinitialize: {
      title: t('Start weights anew'),
      note: t('The weights of these layers start anew from their initializers.'),
    },
  };

function LayersForm({ step, before }: Of<'remove' | 'reinitialize'>) {
  const [layers, setLayers] = useState<readonly string[]>(step.layers);
  const { byId } = indexModel(before);
  const operation: Operation | undefined =
    layers.length > 0 ? { op: step.op, layers: [...layers] } : undefined;
  const toggle = (name: string) =>
    setLayers(layers.includes(name) ? layers.filter((layer) => layer !== name) : [...layers, name]);
  const { title, note } = LAYERS[step.op];
  return (
    <Form title={title} operation={operation} total={countedLayers(layers.length)}>
      <p className="sheet-note">
        <Icon name="info" />
        {t('{0} Choose one below to add it, or to take it off again.', note)}
      </p>
      <ul className="chosen-layers" aria-label={t('Chosen layers')}>
        {layers.map((name) => (
          <li key={name}>
            <button
              type="button"
              title={t('Take {0} off', name)}
              aria-label={t('Take {0} off', name)}
              onClick={() => toggle(name)}
            >
              <span>{name}</span>
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      <PickList
        label={t('Layers')}
        of="layer"
        picks={picksOf(before, new Set(layers))}
        chosen={null}
        onPick={(id) => {
          const layer = byId.get(id);
          if (layer) toggle(layer.name);
        }}
      />
    </Form>
  );
}

function RenameForm({ step, before }: Of<'rename'>) {
  const [to, setTo] = useState(step.to);
  const name = to.trim();
  const layer = indexModel(before).byName.get(step.layer);
  const operation: Operation | undefined =
    name === '' ? undefined : { op: 'rename', layer: step.layer, to: name };
  return (
    <Form title={t('Rename a layer')} operation={operation}>
      <Target layer={layer} />
      <Field label={t('Name')} problem={name === '' ? t('a name') : undefined}>
        <TextField label={t('Name')} value={to} onInput={setTo} />
      </Field>
    </Form>
  );
}

function ConfigureForm({ step, before }: Of<'configure'>) {
  const { controller } = useEditor();
  const kinds = useEditorState((state) => state.surgery.kinds);
  useEffect(() => {
    if (kinds === null) controller.post({ type: 'kinds' });
  }, [controller, kinds]);
  const layer = indexModel(before).byName.get(step.layer);
  const [values, setValues] = useState<LayerConfig>(() => ({ ...layer?.config, ...step.config }));
  const [wrong, setWrong] = useState(false);
  const form = kinds?.find(({ name }) => name === layer?.kind)?.form;
  const config = form && layer ? changedFields(form, values, layer.config) : {};
  const operation: Operation | undefined =
    wrong || Object.keys(config).length === 0 ? undefined : { op: 'configure', layer: step.layer, config };
  return (
    <Form title={t('Configure a layer')} operation={operation}>
      <Target layer={layer} />
      {kinds === null ? <ProgressRing label={t('Waiting for the kinds of layers')} /> : null}
      {form ? (
        <ConfigForm
          form={form}
          values={values}
          onChange={(field, value) =>
            setValues({
              ...values,
              [field]: value === undefined ? form.find(({ name }) => name === field)?.preset : value,
            })
          }
          onProblems={(problems) => setWrong(Object.keys(problems).length > 0)}
        />
      ) : null}
      {form && !operation && !wrong ? (
        <p className="sheet-note">
          <Icon name="info" />
          {t('This is how the layer is without the step. To be rid of the step, delete it.')}
        </p>
      ) : null}
    </Form>
  );
}

function Form({
  title,
  operation,
  total = '',
  children,
}: {
  readonly title: string;
  readonly operation: Operation | undefined;
  readonly total?: string;
  readonly children: ReactNode;
}) {
  const previewed = usePreview(operation);
  return (
    <Sheet
      title={title}
      actions={
        <>
          <span className="sheet-total">{total}</span>
          <ConfirmButtons
            operation={operation}
            verb={t('Change')}
            className="step-confirm"
            disabled={previewed.problem !== undefined}
          />
        </>
      }
    >
      {children}
      {operation ? <PreviewBox previewed={previewed} /> : null}
    </Sheet>
  );
}

function Target({ layer }: { readonly layer: LayerView | undefined }) {
  if (!layer) return null;
  return (
    <div className="target-card" data-family={layer.family}>
      <i className="family-swatch" />
      <div>
        <strong>{layer.name}</strong>
        <span>
          {layer.kind}, {sampleShape(layer.outputShape)}
        </span>
      </div>
    </div>
  );
}

function picksOf({ layers }: ModelView, inside: ReadonlySet<string> = new Set()): readonly Pick[] {
  return layers.map(({ id, name, family, outputShape }) => ({
    ...{ id, label: name, family, aside: sampleShape(outputShape), inside: inside.has(name) },
  }));
}
