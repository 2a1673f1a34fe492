import { useEffect, useRef, useState } from 'react';
import type { PointerEvent as ReactPointerEvent, RefObject } from 'react';
import { useReactFlow, ViewportPortal } from 'reactflow';
import { Icon } from '../../ui/icon';
import { useEditor } from '../editorContext';
import type { Point } from '../layout/layoutGraph';
import type { Drawn } from '../state/editorState';
import { edgeAt } from './edgeAt';
import { middleOf } from './middle';
import { t } from '../../../src/l10n/translate';

/** A line offers its middle to a pointer that is so many pixels away. */
const REACH = 12;

interface Offered {
  readonly edge: number;
  readonly at: Point;
}

/** A small plus on the line under the pointer: pressed or dragged it asks for a layer to insert there. */
export function InsertHandle({
  drawn,
  canvas,
}: {
  readonly drawn: Drawn;
  readonly canvas: RefObject<HTMLElement | null>;
}) {
  const { controller, store } = useEditor();
  const flow = useReactFlow();
  const [offered, setOffered] = useState<{ readonly drawn: Drawn; readonly place?: Offered }>({ drawn });
  const handle = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let frame = 0;
    const offer = (place?: Offered) =>
      setOffered((before) =>
        before.drawn === drawn && before.place?.edge === place?.edge
          ? before
          : { drawn, ...(place && { place }) },
      );
    const move = (event: PointerEvent) => {
      const { target, clientX, clientY, buttons } = event;
      if (handle.current && target instanceof Node && handle.current.contains(target)) return;
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        const onPane = target instanceof Element && target.matches('.react-flow__pane');
        if (!onPane || buttons !== 0 || store.get().model?.weightsOnly) return offer();
        const pointer = flow.screenToFlowPosition({ x: clientX, y: clientY });
        const edge = edgeAt(drawn, pointer, REACH / flow.getZoom());
        if (edge === undefined) return offer();
        const middle = middleOf(drawn.layout.routes[edge]!);
        // The middle of a long line may be out of sight; the plus comes to the pointer then.
        const seen = flow.flowToScreenPosition(middle);
        const area = element.getBoundingClientRect();
        const isSeen = seen.x > area.left && seen.x < area.right && seen.y > area.top && seen.y < area.bottom;
        offer({ edge, at: isSeen ? middle : pointer });
      });
    };
    const leave = () => {
      cancelAnimationFrame(frame);
      offer();
    };
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerleave', leave);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerleave', leave);
    };
  }, [canvas, drawn, flow, store]);

  const place = offered.drawn === drawn ? offered.place : undefined;
  const edge = place && drawn.scene.edges[place.edge];
  const [from, to] = [drawn.scene.nodes[edge?.from ?? -1]?.id, drawn.scene.nodes[edge?.to ?? -1]?.id];
  if (!place || from === undefined || to === undefined) return null;
  const insert = () => controller.insertOn({ from, to });
  return (
    <ViewportPortal>
      <button
        type="button"
        className="insert-handle nopan nodrag"
        style={{ transform: `translate(${place.at.x}px, ${place.at.y}px) translate(-50%, -50%)` }}
        ref={handle}
        // The keyboard inserts at what is selected.
        tabIndex={-1}
        aria-label={t('Insert a layer here')}
        title={t('Insert a layer here')}
        onPointerDown={grab(insert)}
        onClick={insert}
        // It covers the very place at which people ask the line for its menu.
        onContextMenu={({ clientX: x, clientY: y }) => store.set({ menu: { x, y, edge: { from, to } } })}
      >
        <Icon name="add" />
      </button>
    </ViewportPortal>
  );
}

/** Pulled away from where it was pressed it does the same as when it is clicked. */
function grab(insert: () => void) {
  return (event: ReactPointerEvent<HTMLElement>) => {
    event.stopPropagation();
    if (event.button !== 0) return;
    const button = event.currentTarget;
    button.setPointerCapture(event.pointerId);
    const drop = (up: PointerEvent) => {
      const { left, right, top, bottom } = button.getBoundingClientRect();
      const isInside = up.clientX >= left && up.clientX <= right && up.clientY >= top && up.clientY <= bottom;
      if (!isInside) insert();
    };
    button.addEventListener('pointerup', drop, { once: true });
  };
}
