import type { Palette } from '../palette';
import { colourOf } from './chosenRuns';

/**
 * What a canvas is drawn with: it cannot read the style sheet's variables by itself.
 * @param _palette of the theme in which they are read: other than the last one, the colours are too
 */
export function readRunColours(slots: readonly number[], _palette: Palette): readonly string[] {
  const probe = document.createElement('span');
  document.body.append(probe);
  const colours = slots.map((slot) => {
    probe.style.color = colourOf(slot);
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return colours;
}
