import { useEffect, useState } from 'react';

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
  const probe = document.createElement('span');
  document.body.append(probe);
  const colour = (property: string) => {
    probe.style.color = `var(${property})`;
    return getComputedStyle(probe).color;
  };
  const palette = {
    training: colour('--curve-training'),
    validation: colour('--curve-validation'),
    best: colour('--curve-best'),
    grid: colour('--chart-grid'),
    text: colour('--chart-text'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
  };
  probe.remove();
  return palette;
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
