import { useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { ModelView } from '../../../src/protocol/editor';
import { Button, IconButton } from '../../ui/button';
import { Icon } from '../../ui/icon';
import { TextField } from '../../ui/textField';
import { useEditor } from '../editorContext';
import { Section } from '../inspector/section';
import { Previews } from './previews';
import { sameRules } from './rules';
import { t } from '../../../src/l10n/translate';

/** Freeze rules kept under names, to be switched to with a click. */
export function FreezeSets({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const [name, setName] = useState('');
  const { freeze, freezeSets = {} } = model.recipe;
  const sets = Object.entries(freezeSets);
  const wanted = name.trim();
  const replaces = Object.hasOwn(freezeSets, wanted);
  const save = () => {
    if (wanted === '') return;
    controller.editRecipe({ type: 'saveFreezeSet', name: wanted });
    setName('');
  };
  return (
    <Section title={t('Freeze sets')}>
      {sets.length > 0 ? (
        <ul className="sets" aria-label={t('Freeze sets')}>
          {sets.map(([set, rules]) => (
            // A renamed set is another; what was typed into it goes.
            <FreezeSet key={set} name={set} chosen={sameRules(rules, freeze)} />
          ))}
        </ul>
      ) : (
        <p className="field-note">
          {t('Keep the rules under a name, try others, and come back with a click.')}
        </p>
      )}
      <div className="set-save">
        <TextField
          label={t('Name for the present rules')}
          placeholder={t('Name for the present rules')}
          value={name}
          onInput={setName}
          onKeyDown={(event) => {
            if (event.key !== 'Enter') return;
            save();
            event.preventDefault();
          }}
        />
        <Button icon="save" disabled={wanted === ''} onClick={save}>
          {replaces ? t('Replace') : t('Save')}
        </Button>
      </div>
    </Section>
  );
}

function FreezeSet({ name, chosen }: { readonly name: string; readonly chosen: boolean }) {
  const { controller } = useEditor();
  const [typed, setTyped] = useState<string | null>(null);
  const rename = () => {
    const to = typed?.trim() ?? '';
    setTyped(null);
    if (to !== '' && to !== name) controller.editRecipe({ type: 'renameFreezeSet', name, to });
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === 'Enter') rename();
    else if (event.key === 'Escape') setTyped(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <li className="set">
      {typed === null ? (
        <Previews edit={chosen ? null : { type: 'useFreezeSet', name }}>
          <button
            type="button"
            className="row"
            aria-pressed={chosen}
            title={chosen ? t('These are the present rules') : t('Switch to these rules (F2 renames)')}
            onClick={() => {
              if (!chosen) controller.editRecipe({ type: 'useFreezeSet', name });
            }}
            onKeyDown={(event) => {
              if (event.key !== 'F2') return;
              setTyped(name);
              event.preventDefault();
              event.stopPropagation();
            }}
          >
            <Icon name={chosen ? 'pass-filled' : 'circle-large'} />
            <span className="row-main">{name}</span>
          </button>
        </Previews>
      ) : (
        <TextField
          label={t('New name of {0}', name)}
          value={typed}
          autofocus
          onInput={setTyped}
          onKeyDown={press}
        />
      )}
      <IconButton
        icon={typed === null ? 'edit' : 'check'}
        label={t('Rename {0}', name)}
        className="item-tool"
        onClick={() => (typed === null ? setTyped(name) : rename())}
      />
      <IconButton
        icon="close"
        label={t('Delete {0}', name)}
        className="item-tool"
        onClick={() => controller.editRecipe({ type: 'deleteFreezeSet', name })}
      />
    </li>
  );
}
