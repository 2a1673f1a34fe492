import type { RunMessage } from '../../src/core/run/steering';
import { t } from '../../src/l10n/translate';
import type { ShownRun } from './panelState';

export interface SteeringState {
  readonly shown: ShownRun;
  readonly stopping: boolean;
  readonly asked: readonly RunMessage['type'][];
}

/** Why something cannot be asked of the run now; `undefined` where it can. */
export function whyNot(type: RunMessage['type'], { shown, stopping, asked }: SteeringState) {
  const { state, view } = shown;
  if (stopping) return t('The run is stopping.');
  if (view.status === 'starting' || state.start === null) return t('The trainer is still starting.');
  if (asked.includes(type)) return t('Asked; it is heard between two steps.');
  return view.steering ? undefined : t('This window has not found the run’s process.');
}

/** A learning rate as typed; the sentence says what is wrong with it. */
export function parseRate(text: string): number | string {
  const value = Number(text.trim());
  if (text.trim() === '' || !Number.isFinite(value)) return t('Expected a number, such as 1e-4');
  return value > 0 ? value : t('Expected a number above 0');
}
