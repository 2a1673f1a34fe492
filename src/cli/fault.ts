import type { Fault } from '../core/failure';
import type { WarmStart } from '../core/surgery/replay';

/** A finding as a line for people. */
export function lineOf({ severity, code, message }: Fault): string {
  return `${severity} ${code}: ${message}`;
}

/** What a warm start took over, as a line for people. */
export function lineOfWarmStart({ from, matched, unmatched }: WarmStart): string {
  return `warm start from ${from}: matched ${matched.length} of ${matched.length + unmatched.length} weights`;
}
