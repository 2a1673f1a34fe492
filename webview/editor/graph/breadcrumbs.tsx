import { Icon } from '../../ui/icon';
import { useEditor, useEditorState } from '../editorContext';
import { indexModel } from '../model/modelIndex';
import type { Box } from '../outline/outline';
import type { Drawn } from '../state/editorState';
import { t } from '../../../src/l10n/translate';

/** The boxes around what is selected, the outermost first; each selects what is in it and shows it. */
export function Breadcrumbs({ drawn }: { readonly drawn: Drawn }) {
  const { controller } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const anchor = useEditorState((state) => state.anchor);
  const { outline } = drawn.scene;
  if (anchor === null || outline.boxes.size === 0) return null;
  const boxes = withoutRepeats(
    drawn.model.name,
    (outline.around.get(anchor) ?? []).filter((box) => holdsAll(box, selection)),
  );
  const only = selection.size === 1 ? indexModel(drawn.model).byId.get(anchor) : undefined;
  if (boxes.length === 0) return null;
  return (
    <nav className="crumbs" aria-label={t('Where the selection is')}>
      <button
        type="button"
        className="crumb"
        onClick={() => controller.fit()}
        title={t('Show all of the model')}
      >
        {drawn.model.name}
      </button>
      {boxes.map((box) => (
        <span className="crumb-step" key={box.id}>
          <Icon name="chevron-right" />
          <button
            type="button"
            className="crumb"
            title={t('Select the {0} layers of {1}', box.layers.length, box.title)}
            onClick={() => {
              controller.selectNode(box.id);
              controller.zoomTo(box.layers);
            }}
          >
            {box.title}
          </button>
        </span>
      ))}
      {only ? (
        <span className="crumb-step">
          <Icon name="chevron-right" />
          <span className="crumb crumb-last">{only.name}</span>
        </span>
      ) : null}
    </nav>
  );
}

/** A model whose one group is called as the model is, is one step, not two. */
function withoutRepeats(model: string, boxes: readonly Box[]): readonly Box[] {
  return boxes.filter(({ title }, at) => title !== (boxes[at - 1]?.title ?? model));
}

function holdsAll(box: Box, selection: ReadonlySet<string>): boolean {
  if (selection.size > box.layers.length) return false;
  const inside = new Set(box.layers);
  for (const id of selection) if (!inside.has(id)) return false;
  return true;
}
