import { MOST_COMPARED, type RunSeries } from '../../protocol/runComparison';
import type { RunView } from '../../protocol/runPanel';
import { readSweep, type RunSweep } from '../../runs/sweepFile';

/** Which of the known runs are of one freeze sweep, as the `sweep.json` in their folders says. */
export class KnownSeries {
  /** Null for a run that is of none and will be of none. */
  private readonly known = new Map<string, RunSweep | null>();

  /** Those of two runs and more, newest first, each from all frozen to nothing frozen. */
  async of(runs: readonly RunView[]): Promise<readonly RunSeries[]> {
    const read = await Promise.all(runs.map((run) => this.seriesOf(run)));
    const series = new Map<string, { readonly id: string; readonly frozenStages: number }[]>();
    runs.forEach(({ id }, at) => {
      const own = read[at];
      if (!own) return;
      const others = series.get(own.id) ?? [];
      series.set(own.id, [...others, { id, frozenStages: own.frozenStages }]);
    });
    return [...series]
      .filter(([, members]) => members.length > 1)
      .map(([id, members]) => ({
        id,
        runs: members
          .toSorted((a, b) => b.frozenStages - a.frozenStages)
          .slice(0, MOST_COMPARED)
          .map((member) => member.id),
      }));
  }

  private async seriesOf({ id, status }: RunView): Promise<RunSweep | null> {
    const known = this.known.get(id);
    if (known !== undefined) return known;
    const read = (await readSweep(id)) ?? null;
    // A run that has only begun may be told of its series a moment later.
    if (read !== null || (status !== 'running' && status !== 'starting')) this.known.set(id, read);
    return read;
  }
}
