import { metricsCsv } from '../../core/run/csv';
import { listedRun } from '../../core/run/listing';
import { runReport } from '../../core/run/report';
import { resultFiles } from '../../runs/resultFiles';
import { usage, type Arguments } from '../arguments';
import type { Terminal } from '../terminal';
import { openRun } from './openRun';

/** `runs show RUN`: as a Markdown report, its metrics as CSV, or as JSON. */
export async function showCommand(
  args: Arguments,
  run: string,
  out: string,
  terminal: Terminal,
): Promise<void> {
  const [csv, json] = [args.flag('csv'), args.flag('json')];
  if ([csv, json, args.flag('markdown')].filter(Boolean).length > 1) {
    throw usage('OPTION_VALUE', 'found several of --csv, --markdown and --json, expected one');
  }
  const record = await openRun(run, out, { steps: csv });
  if (csv) {
    terminal.write(metricsCsv(record.events));
    return;
  }
  const results = await resultFiles(record.folder, record.events);
  const gone = results
    .filter(({ exists }) => !exists)
    .map((file) => ({ message: `${file.path}: the model that the run wrote is not there any more` }));
  const shown = { ...record, problems: [...record.problems, ...gone] };
  if (!json) {
    terminal.write(runReport(shown));
    return;
  }
  const { startedAt, ...listed } = listedRun(shown, args.text('metric'));
  const { plan, recipe, events } = record;
  terminal.write(
    `${JSON.stringify({
      ...listed,
      startedAt: new Date(startedAt).toISOString(),
      models: results,
      plan,
      recipe,
      events,
    })}\n`,
  );
}
