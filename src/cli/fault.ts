import { asOneLine, type Fault } from '../core/failure';

/** A finding as a line for people. */
export function lineOf({ severity, code, message }: Fault): string {
  return asOneLine(`${severity} ${code}: ${message}`);
}
