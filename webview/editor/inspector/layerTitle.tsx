import { useCallback, useLayoutEffect, useRef, useState } from 'react';
import { Failure } from '../../../src/core/failure';
import { checkNewName } from '../../../src/core/surgery/names';
import type { LayerView } from '../../../src/protocol/editor';
import { IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { useFocusRequest } from '../keyboard/focusRequests';
import { indexModel } from '../model/modelIndex';
import { isFrozen } from '../model/text';
import { t } from '../../../src/l10n/translate';

/** What the layer is and how it is called, which can be changed in place. */
export function LayerTitle({ layer }: { readonly layer: LayerView }) {
  const { controller } = useEditor();
  const weightsOnly = useEditorState(({ model }) => model?.weightsOnly === true);
  const [isRenaming, setRenaming] = useState(false);
  const head = useRef<HTMLDivElement>(null);
  const start = useCallback(() => setRenaming(true), []);
  const end = useCallback(() => setRenaming(false), []);
  useFocusRequest('rename', head, start);
  return (
    <div className="page-head" data-family={layer.family} ref={head}>
      <i className="family-swatch" />
      <div className="page-title">
        <h2>{layer.kind}</h2>
        {isRenaming ? <NameField layer={layer} onEnd={end} /> : <span>{layer.name}</span>}
      </div>
      {isFrozen(layer) ? <Icon name="lock" className="layer-lock" /> : null}
      {weightsOnly || isRenaming ? null : (
        <span className="page-tools">
          <IconButton icon="edit" label={t('Rename')} keys="F2" onClick={start} />
          {layer.isInput && layer.outputShape !== null ? (
            <IconButton
              icon="symbol-ruler"
              label={t('Shape of the input…')}
              onClick={() => controller.surgery('inputShape')}
            />
          ) : null}
          {layer.inputs.length === 0 ? null : (
            <IconButton
              icon="replace"
              label={t('Replace with another kind…')}
              onClick={() => controller.surgery('replaceLayer')}
            />
          )}
        </span>
      )}
    </div>
  );
}

function NameField({ layer, onEnd }: { readonly layer: LayerView; readonly onEnd: () => void }) {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const [name, setName] = useState(layer.name);
  const around = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    // The field has its input a frame after it is on the page.
    const frame = requestAnimationFrame(() => {
      const field = around.current?.querySelector<HTMLElement>('vscode-text-field');
      field?.focus();
      field?.shadowRoot?.querySelector('input')?.select();
    });
    return () => cancelAnimationFrame(frame);
  }, []);
  const isNew = name !== layer.name;
  const problem = isNew && model ? problemOf(name, new Set(indexModel(model).byName.keys())) : undefined;
  const finish = (rename: boolean) => {
    if (rename && isNew && problem === undefined) controller.rename(layer.name, name);
    onEnd();
  };
  return (
    <div ref={around} className="rename" onBlur={() => finish(true)}>
      <TextField
        label={t('Name of the layer')}
        value={name}
        onInput={setName}
        {...(problem !== undefined && { invalid: problem })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && problem === undefined) finish(true);
          else if (event.key === 'Escape') finish(false);
          else if (event.key !== 'Enter') return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      {problem === undefined ? null : (
        <p className="field-note" data-problem role="status">
          {problem}
        </p>
      )}
    </div>
  );
}

function problemOf(name: string, taken: ReadonlySet<string>): string | undefined {
  try {
    checkNewName(name, taken);
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}
