import type { KeyboardEvent } from 'react';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import type { InspectorTab } from '../state/editorState';
import { FreezePage, LayerPage, RecipePage, RemovedPage, SelectionPage } from '../app/later';
import { ModelPage } from './modelPage';
import { t } from '../../../src/l10n/translate';
import './inspector.css';

const TABS: readonly { readonly id: InspectorTab; readonly label: string }[] = [
  { id: 'inspect', label: t('Inspect') },
  { id: 'freeze', label: t('Freeze') },
  { id: 'recipe', label: t('Recipe') },
];

export function Inspector() {
  const { controller, bridge } = useEditor();
  const chosen = useEditorState((state) => state.tab);
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  // Weights alone are not frozen, and no recipe is made of them.
  const tabs = weightsOnly ? TABS.slice(0, 1) : TABS;
  const tab = weightsOnly ? 'inspect' : chosen;
  const steps = useEditorState(({ model }) =>
    model ? model.recipe.operations.length + model.recipe.freeze.length : 0,
  );
  const show = (next: InspectorTab) => {
    controller.showTab(next);
    bridge.remember({ tab: next });
  };
  const walk = (event: KeyboardEvent<HTMLElement>) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const place = tabs.findIndex(({ id }) => id === tab);
    const next = tabs[(place + step + tabs.length) % tabs.length];
    if (!next) return;
    show(next.id);
    event.currentTarget.querySelector<HTMLElement>(`#tab-${next.id}`)?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={t('Inspector')} onKeyDown={walk}>
        {tabs.map(({ id, label }) => (
          <button
            type="button"
            key={id}
            id={`tab-${id}`}
            role="tab"
            className="tab"
            aria-selected={tab === id}
            aria-controls="inspector-page"
            tabIndex={tab === id ? 0 : -1}
            onClick={() => show(id)}
          >
            {label}
            {id === 'recipe' && steps > 0 ? <span className="tab-count">{steps}</span> : null}
          </button>
        ))}
      </div>
      <div className="page" id="inspector-page" role="tabpanel" aria-labelledby={`tab-${tab}`} tabIndex={0}>
        <Page tab={tab} />
      </div>
    </>
  );
}

function Page({ tab }: { readonly tab: InspectorTab }) {
  const model = useEditorState((state) => state.model);
  const selection = useEditorState((state) => state.selection);
  if (!model) return null;
  if (tab === 'freeze') return <FreezePage model={model} />;
  if (tab === 'recipe') return <RecipePage model={model} />;
  const index = indexModel(model);
  const layers = model.layers.filter(({ id }) => selection.has(id));
  if (layers.length > 1) return <SelectionPage layers={layers} />;
  const [only] = selection;
  const layer = only === undefined ? undefined : index.byId.get(only);
  if (only !== undefined && !layer && selection.size === 1) return <RemovedPage key={only} id={only} />;
  return layer ? <LayerPage layer={layer} /> : <ModelPage model={model} />;
}
