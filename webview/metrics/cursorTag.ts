import type uPlot from 'uplot';
import type { Drawing } from './metricChart';
import { nearestIndex } from './readout';
import { markNear } from './runMarks';
import { whereIs } from './xAxis';

/** Pixels around the cursor in which a mark is told. */
const REACH = 5;

/**
 * A label at the foot of the cursor that says which step and epoch it stands on, and what happened there.
 *
 * @returns puts the label where the cursor is now, or away
 */
export function createCursorTag(plot: uPlot): (drawing: Drawing) => void {
  const tag = document.createElement('div');
  tag.className = 'cursor-tag';
  tag.hidden = true;
  plot.over.append(tag);
  return ({ state: { steps, marks }, scale }) => {
    const left = plot.cursor.left ?? -1;
    const stepAt = (x: number) => scale.toStep(plot.posToVal(x, 'x'));
    const index = left < 0 ? -1 : nearestIndex(steps.step, stepAt(left));
    tag.hidden = index < 0;
    if (tag.hidden) return;
    const step = steps.step.at(index);
    const mark = markNear(marks, step, Math.abs(stepAt(left + REACH) - stepAt(left)));
    tag.textContent = [whereIs(scale, step, steps.epoch.at(index)), mark?.words].filter(Boolean).join(' · ');
    const half = tag.offsetWidth / 2;
    const centre = Math.min(plot.over.clientWidth - half, Math.max(half, left));
    tag.style.transform = `translateX(${Math.round(centre - half)}px)`;
  };
}
