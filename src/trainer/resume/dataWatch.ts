import type { RunEvent } from '../../core/run/events';
import { changesBetween, statesOf, type FileState } from './dataFiles';
import { t } from '../../l10n/translate';

/** Looking at the files takes at most this share of the time, however many there are. */
const SHARE = 0.01;

/**
 * Looks between epochs whether the files that the samples come from are what they were, and warns once of those that are
 * not: samples that were read before and later are then not the same.
 */
export class DataWatch {
  private known: readonly FileState[];
  private nextLook = 0;

  constructor(
    private readonly before: readonly FileState[],
    private readonly emit: (event: RunEvent) => void,
  ) {
    this.known = before;
  }

  /** @param now milliseconds, from any beginning */
  async look(now: () => number): Promise<void> {
    const began = now();
    if (began < this.nextLook) return;
    const states = await statesOf(this.before.map(({ file }) => file));
    const changes = changesBetween(this.known, states);
    this.known = states;
    this.nextLook = now() + (now() - began) / SHARE;
    if (changes.length === 0) return;
    this.emit({
      type: 'warning',
      time: Date.now(),
      code: 'DATA_CHANGED',
      message:
        changes.length === 1
          ? t('the data changed during the run: {0}; its results are of no one state of the data', changes[0])
          : t(
              'the data changed during the run: {0} (and {1} more); its results are of no one state of the data',
              changes[0],
              changes.length - 1,
            ),
    });
  }
}
