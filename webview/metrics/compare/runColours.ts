import { computedColours } from '../../ui/computedColours';
import type { Palette } from '../palette';
import { colourOf } from './chosenRuns';

/**
 * What a canvas is drawn with: it cannot read the style sheet's variables by itself.
 * @param _palette of the theme in which they are read: other than the last one, the colours are too
 */
export function readRunColours(slots: readonly number[], _palette: Palette): readonly string[] {
  return slots.map((slot) => computedColours({ own: colourOf(slot) }).own);
}
