import { useRef } from 'react';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor, useEditorState } from '../editorContext';
import { MODIFIER } from '../keyboard/modifier';
import { useFocusRequest } from '../keyboard/focusRequests';
import { faultsInTheWay } from '../model/training';
import { WEIGHTS_ONLY, whyNotExport } from '../state/actions';
import { t } from '../../../src/l10n/translate';

/** The top row: what is open, how to find a layer in it, and the way to training. */
export function Header() {
  const { controller } = useEditor();
  const model = useEditorState((state) => state.model);
  const main = useEditorState((state) => state.main);
  const side = useEditorState((state) => state.side);
  if (!model) return null;
  const notExported = whyNotExport(model);
  const blocked = faultsInTheWay(model);
  return (
    <header className="header">
      <div className="header-title">
        <Icon name="type-hierarchy" className="header-icon" />
        <h1 title={model.name}>{model.name}</h1>
        <span className="header-file" title={model.file}>
          {model.file} · {model.format}
        </span>
      </div>
      <Search />
      <div className="header-tools" role="toolbar" aria-label={t('Model')}>
        <IconButton
          icon="discard"
          label={t('Undo')}
          keys={`${MODIFIER}Z`}
          onClick={() => controller.post({ type: 'undo' })}
        />
        <IconButton
          icon="redo"
          label={t('Redo')}
          keys={`${MODIFIER}Shift+Z`}
          onClick={() => controller.post({ type: 'redo' })}
        />
        <span className="header-divider" />
        <IconButton
          icon="list-flat"
          label={t('Summary as Keras prints it')}
          pressed={main === 'summary'}
          onClick={() => controller.toggleSummary()}
        />
        <IconButton
          icon="export"
          label={t('Export…')}
          reason={notExported}
          onClick={() => controller.exportModel()}
        />
        <Button
          appearance="primary"
          icon="play"
          className="header-train"
          title={model.weightsOnly ? WEIGHTS_ONLY : (blocked ?? t('Choose a dataset and start training'))}
          disabled={model.weightsOnly === true}
          onClick={() => controller.openSide(side === 'train' ? 'inspector' : 'train')}
        >
          {t('Train…')}
        </Button>
      </div>
    </header>
  );
}

function Search() {
  const { controller } = useEditor();
  const search = useEditorState((state) => state.search);
  const field = useRef<HTMLDivElement>(null);
  useFocusRequest('search', field);
  const found =
    search.text === ''
      ? ''
      : search.hits.length === 0
        ? t('No layers')
        : t('{0} of {1}', search.current + 1, search.hits.length);
  return (
    <div className="search" role="search" ref={field}>
      <TextField
        label={t('Find a layer by name or kind')}
        placeholder={t('Find layers ({0}F)', MODIFIER)}
        value={search.text}
        onInput={controller.search}
        onKeyDown={(event) => {
          if (event.key === 'Enter') controller.nextHit(event.shiftKey ? -1 : 1);
          else if (event.key === 'Escape') {
            controller.endSearch();
            // What was found is selected: the keys that follow are for it.
            event.currentTarget.blur();
          } else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      >
        <span slot="start" className="codicon codicon-search" aria-hidden="true" />
      </TextField>
      {search.text === '' ? null : (
        <div className="search-tools">
          <span className="search-count" role="status">
            {found}
          </span>
          <IconButton
            icon="arrow-up"
            label={t('Previous match')}
            keys="Shift+Enter"
            disabled={search.hits.length === 0}
            onClick={() => controller.nextHit(-1)}
          />
          <IconButton
            icon="arrow-down"
            label={t('Next match')}
            keys="Enter"
            disabled={search.hits.length === 0}
            onClick={() => controller.nextHit(1)}
          />
          <IconButton icon="close" label={t('End the search')} keys="Escape" onClick={controller.endSearch} />
        </div>
      )}
    </div>
  );
}
