import { useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent, ReactNode } from 'react';
import { Icon } from '../../ui/icon';
import { t } from '../../../src/l10n/translate';

export interface OrderedItem {
  /** What it is, for the grip's name. */
  readonly label: string;
  /** Switched off: drawn faint. */
  readonly off?: boolean;
  readonly content: ReactNode;
}

/**
 * A list whose order matters: items are dragged by their grip, or moved with Alt and the arrow keys; Delete takes one
 * away. Nothing moves before the host has answered.
 *
 * @param version another object once the list has changed: the focus then goes with what was moved
 */
export function OrderedList({
  label,
  items,
  version,
  onMove,
  onDelete,
}: {
  readonly label: string;
  readonly items: readonly OrderedItem[];
  readonly version: unknown;
  readonly onMove: (from: number, to: number) => void;
  readonly onDelete: (at: number) => void;
}) {
  const list = useRef<HTMLOListElement>(null);
  const focusAt = useRef<number | null>(null);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null);

  useLayoutEffect(() => {
    if (focusAt.current === null) return;
    const grips = list.current?.querySelectorAll<HTMLElement>(':scope > li > .grip');
    grips?.[Math.min(focusAt.current, grips.length - 1)]?.focus();
    focusAt.current = null;
  }, [version]);

  const move = (from: number, to: number) => {
    if (to === from || to < 0 || to >= items.length) return;
    focusAt.current = to;
    onMove(from, to);
  };
  const press = (event: KeyboardEvent, at: number) => {
    const step = event.altKey ? { ArrowUp: -1, ArrowDown: 1 }[event.key] : undefined;
    if (step !== undefined) move(at, at + step);
    else if (event.key === 'Delete' && event.target instanceof Element && event.target.matches('.grip')) {
      focusAt.current = at;
      onDelete(at);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  /** The place under the pointer: before the first item whose middle is below it. */
  const placeAt = (y: number, from: number) => {
    const middles = [...(list.current?.children ?? [])].map((item) => {
      const { top, height } = item.getBoundingClientRect();
      return top + height / 2;
    });
    const above = middles.filter((middle, place) => place !== from && middle < y).length;
    return Math.min(above, items.length - 1);
  };
  const grab = (event: PointerEvent<HTMLElement>, from: number) => {
    if (event.button !== 0) return;
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    let to = from;
    const follow = ({ clientY }: globalThis.PointerEvent) => {
      to = placeAt(clientY, from);
      setDrag({ from, to });
    };
    const stop = (drop: boolean) => {
      grip.removeEventListener('pointermove', follow);
      grip.removeEventListener('pointerup', drops);
      grip.removeEventListener('lostpointercapture', ends);
      window.removeEventListener('keydown', cancel, true);
      setDrag(null);
      if (drop) move(from, to);
    };
    const drops = () => stop(true);
    const ends = () => stop(false);
    const cancel = (key: globalThis.KeyboardEvent) => {
      if (key.key !== 'Escape') return;
      key.stopPropagation();
      stop(false);
    };
    grip.addEventListener('pointermove', follow);
    grip.addEventListener('pointerup', drops);
    grip.addEventListener('lostpointercapture', ends);
    window.addEventListener('keydown', cancel, true);
  };

  return (
    <ol className="ordered" ref={list} aria-label={label}>
      {items.map((item, place) => {
        const isTarget = drag !== null && drag.to === place && drag.from !== place;
        return (
          <li
            key={place}
            className="ordered-item"
            data-off={item.off || undefined}
            data-dragged={drag?.from === place || undefined}
            data-drop={isTarget ? (drag.to > drag.from ? 'after' : 'before') : undefined}
            onKeyDown={(event) => press(event, place)}
          >
            <button
              type="button"
              className="grip"
              aria-label={t('Move: {0}', item.label)}
              title={t('Drag to move\nAlt+Up and Alt+Down move, Delete takes away')}
              onPointerDown={(event) => grab(event, place)}
            >
              <Icon name="gripper" />
            </button>
            {item.content}
          </li>
        );
      })}
    </ol>
  );
}
