import type { ResumedEvent, RunEvent, StartEvent } from './events';

/** How a run began, as long as it is now: one that is trained longer says so where it goes on. */
export function startOf(events: readonly RunEvent[]): StartEvent | undefined {
  const start = events.find((event) => event.type === 'start');
  if (start?.type !== 'start') return undefined;
  const longer = events.findLast((event) => event.type === 'resumed' && event.epochs !== undefined);
  return longer?.type === 'resumed' ? lengthened(start, longer) : start;
}

/** The same start, of a run as long as it is from here on. */
export function lengthened(start: StartEvent, { epochs }: ResumedEvent): StartEvent {
  return epochs === undefined || epochs === start.epochs ? start : { ...start, epochs };
}
