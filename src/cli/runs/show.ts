import { metricsCsv } from '../../core/run/csv';
import { listedRun } from '../../core/run/listing';
import { runReport } from '../../core/run/report';
import { refuseOverwrite } from '../../formats/replaceFile';
import { missingResults, resultFiles } from '../../runs/resultFiles';
import { writeMetrics, writeReport } from '../../runs/writeReport';
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
  const save = args.text('save');
  if (save !== undefined && json) {
    throw usage('OPTION_VALUE', 'found --save with --json, expected it with --markdown or --csv');
  }
  const record = await openRun(run, out, { steps: csv || save !== undefined });
  if (save !== undefined) {
    await refuseOverwrite(save, args.flag('force'));
    await (csv ? writeMetrics(save, record) : writeReport(save, record));
    terminal.write(`wrote ${save}\n`);
    return;
  }
  if (csv) {
    terminal.write(metricsCsv(record.events));
    return;
  }
  const results = await resultFiles(record.folder, record.events);
  const gone = await missingResults(record.folder, record.events);
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
