import type { Match } from '../../../src/core/freeze/rule';
import type { ModelView } from '../../../src/protocol/editor';
import { Button } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { Section } from '../inspector/section';
import { matchedIds } from '../model/matching';
import { indexModel } from '../model/modelIndex';
import { placeOf } from '../state/actions';
import { freezeEdit } from '../state/freezing';
import { Previews } from './previews';
import { t } from '../../../src/l10n/translate';

/** Up to what is selected, or from it on. */
export function ByPlace({ model }: { readonly model: ModelView }) {
  const { controller } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const index = indexModel(model);
  const upTo = placeOf('freezeUpTo', index, selection);
  const from = placeOf('freezeFrom', index, selection);
  const ways: readonly { action: 'freezeUpTo' | 'freezeFrom'; label: string; icon: string; match?: Match }[] =
    [
      {
        action: 'freezeUpTo',
        label: t('Freeze up to here'),
        icon: 'layers-active',
        ...(typeof upTo === 'string' ? {} : { match: { upTo: upTo.name } }),
      },
      {
        action: 'freezeFrom',
        label: t('Freeze from here'),
        icon: 'layers',
        ...(typeof from === 'string' ? {} : { match: { from: from.name } }),
      },
    ];
  const name = typeof upTo === 'string' ? undefined : upTo.name;
  return (
    <Section title={t('Up to a layer, or from it on')}>
      <p className="field-note">
        {name === undefined ? (
          t('Select the last layer that shall stay as it is, or the first.')
        ) : (
          <span>
            <strong>{name}</strong> {t('and everything it depends on, or all that depends on it')}
          </span>
        )}
      </p>
      <div className="button-row">
        {ways.map(({ action, label, icon, match }) => (
          <span
            key={action}
            onPointerEnter={() => controller.light(match ? matchedIds(index, match) : null)}
            onPointerLeave={() => controller.light(null)}
          >
            <Previews edit={match ? freezeEdit([match], false) : null}>
              <Button icon={icon} disabled={!match} onClick={() => controller.act(action)}>
                {label}
              </Button>
            </Previews>
          </span>
        ))}
      </div>
    </Section>
  );
}
