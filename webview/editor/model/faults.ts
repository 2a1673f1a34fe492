import type { Fault } from '../../../src/core/failure';
import type { ModelView } from '../../../src/protocol/editor';
import { count } from './text';
import { tn } from '../../../src/l10n/translate';

/** The faults to go through, errors first. Of a file without architecture the banner speaks, and says more. */
export function faultsOf({ faults, weightsOnly }: ModelView): readonly Fault[] {
  const shown = faults.filter(({ code }) => !(weightsOnly && code === 'WEIGHTS_ONLY'));
  const isError = ({ severity }: Fault) => severity === 'error';
  return [...shown.filter(isError), ...shown.filter((fault) => !isError(fault))];
}

/**
 * Which fault is looked at: the one gone to last while its layer is the selected one, else the first of the selected
 * layer; -1 where it is none.
 *
 * @param selected the name of the layer selected last
 */
export function currentFault(
  faults: readonly Fault[],
  last: number | null,
  selected: string | undefined,
): number {
  const fault = last === null ? undefined : faults[last];
  if (last !== null && fault && (fault.layer === undefined || fault.layer === selected)) return last;
  return selected === undefined ? -1 : faults.findIndex(({ layer }) => layer === selected);
}

/** `2 faults, 1 warning` */
export function countFaults(faults: readonly Fault[]): string {
  const errors = faults.filter(({ severity }) => severity === 'error').length;
  const warnings = faults.length - errors;
  return [
    errors > 0 ? tn(errors, '{0} fault', '{0} faults', count(errors)) : '',
    warnings > 0 ? tn(warnings, '{0} warning', '{0} warnings', count(warnings)) : '',
  ]
    .filter(Boolean)
    .join(', ');
}
