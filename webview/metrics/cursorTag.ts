import type uPlot from 'uplot';
import { formatCount } from './formatNumbers';
import { nearestIndex } from './readout';
import type { RunState } from './runState';

/**
 * A label at the foot of the cursor that says which step and epoch it stands on.
 *
 * @returns puts the label where the cursor is now, or away
 */
export function createCursorTag(plot: uPlot): (state: RunState) => void {
  const tag = document.createElement('div');
  tag.className = 'cursor-tag';
  tag.hidden = true;
  plot.over.append(tag);
  return ({ steps }) => {
    const left = plot.cursor.left ?? -1;
    const index = left < 0 ? -1 : nearestIndex(steps.step, plot.posToVal(left, 'x'));
    tag.hidden = index < 0;
    if (tag.hidden) return;
    tag.textContent = `step ${formatCount(steps.step.at(index))} · epoch ${formatCount(steps.epoch.at(index))}`;
    const half = tag.offsetWidth / 2;
    const centre = Math.min(plot.over.clientWidth - half, Math.max(half, left));
    tag.style.transform = `translateX(${Math.round(centre - half)}px)`;
  };
}
