import { memo } from 'react';
import type { Node, NodeProps } from 'reactflow';
import { useStore as useFlowStore } from 'reactflow';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { countedLayers } from '../model/text';
import type { Box } from '../outline/outline';
import { zoomedOut } from './layerNode';
import { t } from '../../../src/l10n/translate';

export type FrameNodeData = {
  readonly box: Box;
  readonly depth: number;
  readonly selected: boolean;
};

export type FrameFlowNode = Node<FrameNodeData, 'frame'>;

/** A box that is open: a titled frame around what is in it. The canvas shows, and is dragged, through it. */
export const FrameNode = memo(function FrameNode({ data }: NodeProps<FrameFlowNode>) {
  const { box, depth, selected } = data;
  const { controller } = useEditor();
  const far = useFlowStore(zoomedOut);
  return (
    <div
      className="frame"
      data-role={box.role}
      data-odd={depth % 2 === 1 || undefined}
      data-selected={selected || undefined}
    >
      {far ? null : (
        <div className="frame-title">
          <button
            type="button"
            className="frame-close nokey"
            title={t('Collapse (Shift+Enter)')}
            aria-label={t('Collapse {0}', box.title)}
            onClick={(event) => {
              event.stopPropagation();
              controller.closeBox(box.id);
            }}
          >
            <Icon name="chevron-down" />
          </button>
          <span className="frame-name" title={box.title}>
            {box.title}
          </span>
          {box.count > 1 ? <span className="box-count">×{box.count}</span> : null}
          <span className="frame-note" title={countedLayers(box.layers.length)}>
            {box.note || countedLayers(box.layers.length)}
          </span>
        </div>
      )}
    </div>
  );
});
