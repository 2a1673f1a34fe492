import { memo } from 'react';
import type { Node, NodeProps } from 'reactflow';
import { useStore as useFlowStore } from 'reactflow';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import { count, countedLayers, sampleShape, shortCount } from '../model/text';
import type { Box } from '../outline/outline';
import type { BoxSummary } from '../outline/summary';
import { heatStyle } from '../overlay/heat';
import type { Mark } from '../overlay/marks';
import { OverlayBar } from '../overlay/overlayBar';
import { Anchors, zoomedOut } from './layerNode';
import { LockBadge } from './lockBadge';
import type { Highlight } from './layerNode';
import { t, tn } from '../../../src/l10n/translate';

export type BoxNodeData = {
  readonly box: Box;
  readonly summary: BoxSummary;
  readonly selected: boolean;
  readonly highlight: Highlight | undefined;
  readonly mark: Mark | undefined;
};

export type BoxFlowNode = Node<BoxNodeData, 'box'>;

/** A box that is closed: a card on a pile of cards. */
export const BoxNode = memo(function BoxNode({ data }: NodeProps<BoxFlowNode>) {
  const { box, summary, selected, highlight, mark } = data;
  const { controller } = useEditor();
  const far = useFlowStore(zoomedOut);
  return (
    <div
      className="layer box"
      data-role={box.role}
      data-frozen={summary.frozen === 'all' || undefined}
      data-fault={summary.errors > 0 ? 'error' : summary.warnings > 0 ? 'warning' : undefined}
      data-selected={selected || undefined}
      data-highlight={highlight}
      data-far={far || undefined}
      data-heat={mark?.level}
      style={heatStyle(mark)}
    >
      <Anchors />
      <span className="visually-hidden">
        {describeBox(box, summary)}
        {mark ? `, ${mark.label}` : ''}
      </span>
      {far ? null : (
        <>
          <div aria-hidden="true">
            <Words box={box} summary={summary} mark={mark} />
            <OverlayBar mark={mark} />
          </div>
          {/* For the pointer alone: the card around is the button, and Enter on it expands. */}
          <span
            className="box-open"
            title={t('Expand (Enter)')}
            aria-hidden="true"
            onClick={(event) => {
              event.stopPropagation();
              controller.openBox(box.id);
            }}
          >
            <Icon name="chevron-right" />
          </span>
        </>
      )}
    </div>
  );
});

function Words({
  box,
  summary,
  mark,
}: {
  readonly box: Box;
  readonly summary: BoxSummary;
  readonly mark: Mark | undefined;
}) {
  const { frozen, errors, warnings, outputShape, params, grafted, isInput, isOutput } = summary;
  const layers = countedLayers(summary.layers);
  return (
    <>
      <div className="layer-head">
        <span className="layer-kind" title={box.title}>
          {box.title}
        </span>
        {box.count > 1 ? <span className="box-count">×{box.count}</span> : null}
        {errors > 0 ? (
          <span
            className="box-faults"
            title={t('{0} inside', tn(errors, '{0} fault', '{0} faults', count(errors)))}
          >
            <Icon name="error" />
            {errors}
          </span>
        ) : warnings > 0 ? (
          <span title={t('{0} inside', tn(warnings, '{0} warning', '{0} warnings', count(warnings)))}>
            <Icon name="warning" className="layer-warning" />
          </span>
        ) : null}
        {params > 0 ? <LockBadge id={box.id} frozen={frozen} /> : null}
      </div>
      <div className="layer-name">
        <span title={box.note === '' ? layers : `${box.note} · ${layers}`}>
          {box.note === '' ? layers : box.role === 'repeat' ? box.note : `${box.note} · ${layers}`}
        </span>
        {isInput ? <span className="mark">{t('input')}</span> : null}
        {isOutput ? <span className="mark">{t('output')}</span> : null}
        {grafted > 0 ? <span className="mark mark-new">{t('new')}</span> : null}
      </div>
      <div className="layer-foot">
        <span>{outputShape === null ? '' : sampleShape(outputShape)}</span>
        {mark ? (
          <span className="layer-mark" title={mark.label}>
            {mark.text}
          </span>
        ) : (
          <span title={t('{0} parameters', count(params))}>{params > 0 ? shortCount(params) : ''}</span>
        )}
      </div>
    </>
  );
}

/** What a screen reader says of a box: everything that is drawn on it. */
function describeBox(box: Box, summary: BoxSummary): string {
  const parts = [
    box.count > 1 ? t('{0}, {1} times', box.title, box.count) : box.title,
    box.note,
    countedLayers(summary.layers),
    t('output {0}', sampleShape(summary.outputShape)),
    summary.params > 0 ? t('{0} parameters', count(summary.params)) : '',
    { all: t('frozen'), some: t('partly frozen'), none: '' }[summary.frozen],
    summary.errors > 0
      ? t('{0} inside', tn(summary.errors, '{0} fault', '{0} faults', count(summary.errors)))
      : '',
    summary.warnings > 0
      ? t('{0} inside', tn(summary.warnings, '{0} warning', '{0} warnings', count(summary.warnings)))
      : '',
    summary.grafted > 0 ? t('new') : '',
    summary.isInput ? t('model input') : '',
    summary.isOutput ? t('model output') : '',
    t('collapsed'),
  ];
  return parts.filter(Boolean).join(', ');
}
