import type { CSSProperties } from 'react';
import { STEPS } from './marks';
import type { Mark } from './marks';

/** Of the theme's colour in the least and the most of a scale. */
const [LEAST, MOST] = [6, 100];

/** A level's colour, in CSS: the theme's warm one, or below zero its cold one, the deeper the further from zero. */
export function heatOf(level: number): string {
  const strength = LEAST + ((MOST - LEAST) * Math.abs(level)) / STEPS;
  const colour = level < 0 ? '--heat-below' : '--heat-above';
  return `color-mix(in srgb, var(${colour}) ${Math.round(strength)}%, var(--vscode-editor-background))`;
}

const styles = new Map<number, CSSProperties>();

/** The colour for a card's stylesheet to paint with. */
export function heatStyle(mark: Mark | undefined): CSSProperties | undefined {
  if (!mark) return undefined;
  const known = styles.get(mark.level);
  if (known) return known;
  const style = { '--heat': heatOf(mark.level) } as CSSProperties;
  styles.set(mark.level, style);
  return style;
}
