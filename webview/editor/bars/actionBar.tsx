import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import { ACTIONS, whyNot } from '../state/actions';
import type { Action } from '../state/actions';
import { t } from '../../../src/l10n/translate';

/** What one can do to the selection, always at hand above the graph. */
export function ActionBar() {
  const { controller, store } = useEditor();
  const model = useEditorState((state) => state.model);
  const selection = useEditorState((state) => state.selection);
  if (!model) return null;
  const index = indexModel(model);
  return (
    <div className="action-bar" role="toolbar" aria-label={t('Selected layers')}>
      {ACTIONS.map((group) => (
        <div className="action-group" key={group[0]?.id}>
          {group.map((action) => (
            <ActionButton
              key={action.id}
              action={action}
              reason={whyNot(action.id, index, selection)}
              onClick={() => controller.act(action.id)}
            />
          ))}
        </div>
      ))}
      <div className="action-group">
        <button
          type="button"
          className="action"
          aria-label={t('More actions')}
          aria-haspopup="menu"
          title={t('More actions')}
          onClick={({ currentTarget }) => {
            const { left, bottom } = currentTarget.getBoundingClientRect();
            store.set({ menu: { x: left, y: bottom + 4 } });
          }}
        >
          <Icon name="ellipsis" />
        </button>
      </div>
    </div>
  );
}

function ActionButton({
  action,
  reason,
  onClick,
}: {
  readonly action: Action;
  readonly reason: string | undefined;
  readonly onClick: () => void;
}) {
  const { label, icon, keys, meaning, wordsGo } = action;
  return (
    <button
      type="button"
      className="action"
      data-action={action.id}
      data-words-go={wordsGo}
      // Kept focusable while it cannot be used, so that the keyboard and a screen reader learn why.
      aria-disabled={reason !== undefined}
      title={reason === undefined ? `${label} (${keys})\n${meaning}` : `${label} (${keys})\n${reason}`}
      onClick={reason === undefined ? onClick : undefined}
    >
      <Icon name={icon} />
      <span className="action-label">{label}</span>
    </button>
  );
}
