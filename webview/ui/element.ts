import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

/**
 * Sets properties of a custom element by hand after each render. The toolkit's elements write some of their own
 * attributes when they are connected, over what React had set before.
 */
export function useProperties<Element extends HTMLElement>(
  set: (element: Element) => void,
): RefObject<Element | null> {
  const element = useRef<Element>(null);
  useLayoutEffect(() => {
    if (element.current) set(element.current);
  });
  return element;
}

/** Attributes whose value is undefined are taken away. */
export function setAttributes(
  element: HTMLElement,
  attributes: Readonly<Record<string, string | undefined>>,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) element.removeAttribute(name);
    else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
}
