import { useEffect } from 'react';
import type { RefObject } from 'react';

/** Places that a key or a command of the palette puts the focus into. */
export type FocusPlace = 'search' | 'regex' | 'rename' | 'overlay';

const EVENT = 'model-surgery-focus';

/** Asked on the next frame, so that a place that has just been opened is there to answer. */
export function requestFocus(place: FocusPlace): void {
  requestAnimationFrame(() => {
    requestAnimationFrame(() => window.dispatchEvent(new CustomEvent(EVENT, { detail: place })));
  });
}

/** Focuses the first field inside the element when its place is asked for, or does `answer` instead. */
export function useFocusRequest(
  place: FocusPlace,
  element: RefObject<HTMLElement | null>,
  instead?: () => void,
): void {
  useEffect(() => {
    const answer = (event: Event) => {
      if ((event as CustomEvent<FocusPlace>).detail !== place) return;
      if (instead) return instead();
      const field = element.current?.querySelector<HTMLElement>('vscode-text-field');
      field?.focus();
      field?.shadowRoot?.querySelector('input')?.select();
    };
    window.addEventListener(EVENT, answer);
    return () => window.removeEventListener(EVENT, answer);
  }, [place, element, instead]);
}
