import { memo } from 'react';
import type { Node, NodeProps } from 'reactflow';
import { useStore as useFlowStore } from 'reactflow';
import type { Fault } from '../../../src/core/failure';
import type { LayerView } from '../../../src/protocol/editor';
import { Icon } from '../../ui/icon';
import { heatStyle } from '../overlay/heat';
import type { Mark } from '../overlay/marks';
import { OverlayBar } from '../overlay/overlayBar';
import { LockBadge } from './lockBadge';
import { count, describeLayer, isFrozen, sampleShape } from '../model/text';
import { t } from '../../../src/l10n/translate';

export type Highlight = 'hit' | 'current' | 'dim';

export type LayerNodeData = {
  readonly layer: LayerView;
  readonly selected: boolean;
  readonly highlight: Highlight | undefined;
  /** What the overlay shows of it, while there is one. */
  readonly mark: Mark | undefined;
};

export type LayerFlowNode = Node<LayerNodeData, 'layer'>;

/** Below this zoom words are specks: cards are drawn without them. */
const WORDS_FROM_ZOOM = 0.32;

export const zoomedOut = ({ transform }: { transform: [number, number, number] }) =>
  transform[2] < WORDS_FROM_ZOOM;

export const LayerNode = memo(function LayerNode({ data }: NodeProps<LayerFlowNode>) {
  const { layer, selected, highlight, mark } = data;
  const far = useFlowStore(zoomedOut);
  const frozen = isFrozen(layer);
  const fault = worst(layer.faults);
  return (
    <div
      className="layer"
      data-family={layer.family}
      data-frozen={frozen || undefined}
      data-grafted={layer.grafted || undefined}
      data-fault={fault?.severity}
      data-selected={selected || undefined}
      data-highlight={highlight}
      data-far={far || undefined}
      data-heat={mark?.level}
      style={heatStyle(mark)}
    >
      <Anchors />
      {/* The node around is a button: this is its name, in full whatever the zoom. */}
      <span className="visually-hidden">
        {describeLayer(layer)}
        {mark ? `, ${mark.label}` : ''}
      </span>
      {far ? null : (
        <div aria-hidden="true">
          <Words layer={layer} frozen={frozen} fault={fault} mark={mark} />
          <OverlayBar mark={mark} />
          {fault?.severity === 'error' ? <FaultText fault={fault} /> : null}
        </div>
      )}
    </div>
  );
});

/** React Flow measures them again when a card is resized; without them edges vanish then. */
export function Anchors() {
  return (
    <>
      <i className="target anchor" data-handlepos="top" />
      <i className="source anchor" data-handlepos="bottom" />
    </>
  );
}

function Words({
  layer,
  frozen,
  fault,
  mark,
}: {
  readonly layer: LayerView;
  readonly frozen: boolean;
  readonly fault: Fault | undefined;
  readonly mark: Mark | undefined;
}) {
  return (
    <>
      <div className="layer-head">
        <span className="layer-kind">{layer.kind}</span>
        {fault?.severity === 'warning' ? (
          <span title={fault.message}>
            <Icon name="warning" className="layer-warning" />
          </span>
        ) : null}
        {layer.weights.length > 0 ? <LockBadge id={layer.id} frozen={frozen ? 'all' : 'none'} /> : null}
      </div>
      <div className="layer-name">
        <span title={layer.name}>{layer.name}</span>
        {layer.isInput ? <span className="mark">{t('input')}</span> : null}
        {layer.isOutput ? <span className="mark">{t('output')}</span> : null}
        {layer.grafted ? <span className="mark mark-new">{t('new')}</span> : null}
      </div>
      <div className="layer-foot">
        <span>{layer.outputShape === null ? '' : sampleShape(layer.outputShape)}</span>
        {mark ? (
          <span className="layer-mark" title={mark.label}>
            {mark.text}
          </span>
        ) : (
          <span>{layer.params > 0 ? count(layer.params) : ''}</span>
        )}
      </div>
    </>
  );
}

function worst(faults: readonly Fault[]): Fault | undefined {
  return faults.find(({ severity }) => severity === 'error') ?? faults[0];
}

/** What met what, where the fault says so: the card says where. All of it is in the tooltip and the inspector. */
function FaultText({ fault }: { readonly fault: Fault }) {
  const { message, found, expected } = fault;
  return (
    <div className="layer-fault" title={message}>
      <Icon name="error" />
      <div className="layer-fault-text">
        {found !== undefined && expected !== undefined ? (
          <>
            <span>{t('found {0}', found)}</span>
            <span>{t('expected {0}', expected)}</span>
          </>
        ) : (
          message
        )}
      </div>
    </div>
  );
}
