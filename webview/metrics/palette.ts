import { useEffect, useState } from 'react';
import { computedColours } from '../ui/computedColours';

/** What a canvas is drawn with: it cannot read the style sheet's variables by itself. */
export interface Palette {
  readonly training: string;
  readonly validation: string;
  readonly best: string;
  readonly grid: string;
  readonly text: string;
  readonly font: string;
}

/** Resolves the panel's custom properties (metrics.css) to colours as the present theme has them. */
export function readPalette(): Palette {
  return {
    ...computedColours({
      training: 'var(--curve-training)',
      validation: 'var(--curve-validation)',
      best: 'var(--curve-best)',
      grid: 'var(--chart-grid)',
      text: 'var(--chart-text)',
    }),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
}

/** The palette, new when the theme changes: VS Code then sets the body's class and the root's variables. */
export function usePalette(): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const observer = new MutationObserver(() =>
      setPalette((before) => {
        const now = readPalette();
        return JSON.stringify(now) === JSON.stringify(before) ? before : now;
      }),
    );
    observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
    observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
    return () => observer.disconnect();
  }, []);
  return palette;
}
