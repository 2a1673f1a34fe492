import type { EarlyStopEvent, LearningRateEvent, PhaseEvent, RunEvent } from './events';

/** What a report marks on its charts beside what was measured. */
export interface ChartMarks {
  /** From the first, each once. */
  readonly phases: readonly PhaseEvent[];
  readonly marks: readonly (LearningRateEvent | EarlyStopEvent)[];
}

/** What happened in a run, in order, without what came after the checkpoint that a resumed one went on from. */
export function chartMarks(events: readonly RunEvent[]): ChartMarks {
  let phases: PhaseEvent[] = [];
  let marks: ChartMarks['marks'][number][] = [];
  for (const event of events) {
    if (event.type === 'phase') phases = [...phases.filter(({ phase }) => phase < event.phase), event];
    if (event.type === 'learningRate' || event.type === 'earlyStop') marks.push(event);
    if (event.type !== 'resumed' || event.checkpoint === undefined) continue;
    phases = phases.filter(({ epoch }) => epoch <= event.epoch + 1);
    marks = marks.filter(({ step }) => step <= event.step);
  }
  return { phases, marks };
}
