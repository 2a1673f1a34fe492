import { IconButton } from '../../ui/button';
import { canvasModel } from '../diff/comparison';
import { LookControls } from '../diff/lookControls';
import { useEditor, useEditorState } from '../editorContext';
import { outlineOf } from '../outline/outline';
import { OverlayMenu } from '../overlay/overlayMenu';
import { t } from '../../../src/l10n/translate';

const STEP = 1.25;

/** How the graph is looked at. */
export function CanvasControls() {
  const { controller } = useEditor();
  const model = useEditorState(canvasModel);
  const openness = useEditorState((state) => state.openness);
  const direction = useEditorState((state) => state.direction);
  const nothingSelected = useEditorState(({ selection }) => selection.size === 0);
  const twoSelected = useEditorState(({ selection }) => selection.size > 1);
  const path = useEditorState((state) => state.path);
  if (!model) return null;
  const boxes = outlineOf(model).boxes.size;
  const open = openness === 'flat' ? boxes : (openness?.size ?? 0);
  return (
    <div className="canvas-controls">
      <LookControls />
      <OverlayMenu />
      {boxes > 0 ? (
        <div className="canvas-group" role="group" aria-label={t('Boxes')}>
          <IconButton
            icon="expand-all"
            label={t('Expand all')}
            disabled={open >= boxes}
            onClick={() => controller.expandAll()}
          />
          <IconButton
            icon="collapse-all"
            label={t('Collapse all')}
            disabled={open === 0}
            onClick={() => controller.collapseAll()}
          />
        </div>
      ) : null}
      <div className="canvas-group" role="group" aria-label={t('Go')}>
        <IconButton
          icon="arrow-circle-up"
          label={t('Go to the input')}
          keys="Home"
          onClick={() => controller.goTo('isInput')}
        />
        <IconButton
          icon="arrow-circle-down"
          label={t('Go to the output')}
          keys="End"
          onClick={() => controller.goTo('isOutput')}
        />
        <IconButton
          icon="git-compare"
          label={path ? t('End the path') : t('Show the path between two layers')}
          keys="P"
          pressed={path !== null}
          disabled={!twoSelected && path === null}
          onClick={() => controller.showPath()}
        />
      </div>
      <div className="canvas-group" role="group" aria-label={t('View')}>
        <IconButton
          icon={direction === 'down' ? 'arrow-right' : 'arrow-down'}
          label={direction === 'down' ? t('Draw from left to right') : t('Draw from top to bottom')}
          onClick={() => controller.toggleDirection()}
        />
        <IconButton icon="zoom-in" label={t('Zoom in')} keys="+" onClick={() => controller.zoomBy(STEP)} />
        <IconButton
          icon="zoom-out"
          label={t('Zoom out')}
          keys="-"
          onClick={() => controller.zoomBy(1 / STEP)}
        />
        <IconButton
          icon="target"
          label={t('Zoom to the selection')}
          keys="Shift+2"
          disabled={nothingSelected}
          onClick={() => controller.zoomToSelection()}
        />
        <IconButton
          icon="screen-full"
          label={t('Fit the graph')}
          keys="Shift+1"
          onClick={() => controller.fit()}
        />
      </div>
    </div>
  );
}
