import { useLayoutEffect, useRef, type RefObject } from 'react';

/** A chart that fills an element. */
export interface Plotted {
  resize(width: number, height: number): void;
  destroy(): void;
}

/**
 * A chart in an element, as large as that is, for as long as both are there.
 * @param make another function makes another chart; effects that show something in it come after this one
 */
export function usePlotted<Chart extends Plotted>(
  make: (host: HTMLElement) => Chart,
): { readonly host: RefObject<HTMLDivElement | null>; readonly chart: RefObject<Chart | null> } {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<Chart>(null);
  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = make(element);
    chart.current = made;
    const observer = new ResizeObserver(() => made.resize(element.clientWidth, element.clientHeight));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [make]);
  return { host, chart };
}
