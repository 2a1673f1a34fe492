import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { metricsCsv } from '../core/run/csv';
import { reportCharts } from '../core/run/reportCharts';
import { runReport, type ReportedRun } from '../core/run/report';
import { replaceWhole } from '../formats/replaceFile';
import { missingResults } from './resultFiles';

/** What a report's pictures are in, beside it: `digits.md` and `digits-pictures/`. */
const PICTURES = '-pictures';

export interface WrittenReport {
  /** Of the document. */
  readonly path: string;
  readonly pictures: readonly string[];
}

/**
 * Writes a run as a Markdown document with its pictures beside it, each file whole or not at all, the document last: it
 * never shows a picture that is not there.
 *
 * @param run with its steps
 * @throws Failure `FILE_WRITE` for what the operating system refuses
 */
export async function writeReport(
  target: string,
  run: ReportedRun & { readonly folder: string },
): Promise<WrittenReport> {
  const file = path.resolve(target);
  const folder = path.join(
    path.dirname(file),
    `${path.basename(file).replace(/\.(md|markdown)$/i, '')}${PICTURES}`,
  );
  const shown: Record<string, string> = {};
  const pictures: string[] = [];
  for (const [index, { metric, title, svg }] of reportCharts(run).entries()) {
    const picture = path.join(folder, pictureName(metric, index));
    await replaceWhole(picture, (temporary) => writeFile(temporary, svg));
    pictures.push(picture);
    shown[title] = [folder, picture].map((part) => encodeURIComponent(path.basename(part))).join('/');
  }
  const problems = [...run.problems, ...(await missingResults(run.folder, run.events))];
  const text = runReport({ ...run, problems }, shown);
  await replaceWhole(file, (temporary) => writeFile(temporary, text));
  return { path: file, pictures };
}

/** Writes the metrics of a run as CSV. @throws Failure `FILE_WRITE` for what the operating system refuses */
export async function writeMetrics(target: string, { events }: Pick<ReportedRun, 'events'>): Promise<void> {
  await replaceWhole(target, (temporary) => writeFile(temporary, metricsCsv(events)));
}

/** Names of metrics come from a file: none of them names a place. */
function pictureName(metric: string, index: number): string {
  const slug = metric.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 64);
  return slug === metric ? `${slug}.svg` : `${index + 1}-${slug}.svg`;
}
