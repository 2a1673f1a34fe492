import { useEffect, useLayoutEffect, useRef, type KeyboardEvent, type RefObject } from 'react';

/** A place in the window, in pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

const EDGE = 4;
const ITEM = '[role="menuitem"]';

/**
 * What every menu does: it stands at a place, as far inside of the window as it must, takes the keyboard, is walked by
 * arrows, and goes when somebody turns to something else.
 *
 * @param opener what opened it, and closes it by itself
 */
export function useMenu(at: Place, onLeave: () => void, opener?: RefObject<HTMLElement | null>) {
  const list = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    const { width, height } = element.getBoundingClientRect();
    element.style.left = `${Math.max(EDGE, Math.min(at.x, innerWidth - width - EDGE))}px`;
    element.style.top = `${Math.max(EDGE, Math.min(at.y, innerHeight - height - EDGE))}px`;
    element.querySelector<HTMLElement>(ITEM)?.focus();
  }, [at]);

  useEffect(() => {
    const dismiss = (event: Event) => {
      const within = [list.current, opener?.current].some(
        (element) => event.target instanceof Node && element?.contains(event.target),
      );
      if (!within) onLeave();
    };
    window.addEventListener('pointerdown', dismiss, true);
    window.addEventListener('blur', dismiss);
    return () => {
      window.removeEventListener('pointerdown', dismiss, true);
      window.removeEventListener('blur', dismiss);
    };
  }, [opener, onLeave]);

  /** Whether a key was one that walks. */
  const walk = (event: KeyboardEvent): boolean => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>(ITEM) ?? [])];
    const place = items.findIndex((item) => item === document.activeElement);
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: -1 }[event.key];
    if (next === undefined) return false;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
    return true;
  };
  return { list, walk };
}
