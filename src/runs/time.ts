import * as z from 'zod';

/** Milliseconds before and after 1970 UTC that a date can have (ECMAScript's time range): what shows others as dates breaks. */
const FARTHEST = 8.64e15;

export function isTime(milliseconds: number): boolean {
  return Math.abs(milliseconds) <= FARTHEST;
}

/** Milliseconds since 1970 UTC. */
export const timeSchema = z.number().min(-FARTHEST).max(FARTHEST);
