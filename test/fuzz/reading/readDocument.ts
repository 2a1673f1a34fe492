import { compareRuns } from '../../../src/core/run/compare';
import { metricsCsv } from '../../../src/core/run/csv';
import { runReport } from '../../../src/core/run/report';
import { reportCharts } from '../../../src/core/run/reportCharts';
import { createReplayer } from '../../../src/core/surgery/replay';
import type { ModelFile } from '../../../src/formats/format';
import { readPlan } from '../../../src/formats/planFile';
import { readRecipe } from '../../../src/formats/recipeFile';
import { inspectRun } from '../../../src/runs/inspectRun';
import { summarizeRun } from '../../../src/runs/listRuns';
import { readMachine } from '../../../src/runs/machineFile';
import { readNotedRun } from '../../../src/runs/notedRun';
import { readRun } from '../../../src/runs/runReader';
import { readSweep } from '../../../src/runs/sweepFile';
import type { DocumentName } from '../corpus/documents';
import { asFailure, type Reading } from './readModel';

/**
 * What the product does with a recipe, a plan, or a run's folder that somebody gives it.
 *
 * @param base the model that recipes are carried out on
 */
export async function readDocument(kind: DocumentName, target: string, base: ModelFile): Promise<Reading> {
  try {
    return { refusedLater: await READERS[kind](target, base) };
  } catch (error) {
    return { failure: asFailure(error), refusedLater: [] };
  }
}

type Refused = Reading['refusedLater'];

const READERS: Readonly<Record<DocumentName, (target: string, base: ModelFile) => Promise<Refused>>> = {
  recipe: async (target, base) => {
    const recipe = await readRecipe(target);
    try {
      const { faults, notes } = createReplayer(base.graph)(recipe);
      return [...faults, ...notes];
    } catch (error) {
      return [asFailure(error)];
    }
  },
  plan: async (target) => {
    await readPlan(target);
    return [];
  },
  run: async (folder) => {
    const run = await readRun(folder);
    await readNotedRun(folder, { steps: 'latest' });
    await summarizeRun(folder);
    await inspectRun(folder);
    await readSweep(folder);
    await readMachine(folder);
    compareRuns([run, run]);
    metricsCsv(run.events);
    runReport(run, Object.fromEntries(reportCharts(run).map(({ title }) => [title, 'picture.svg'])));
    // Which process it was is not said: the system would be asked about it.
    const broken = run.problems.filter(({ code }) => code !== 'FILE_MISSING');
    return broken.map(({ code, message }) => ({ code, message: message.replaceAll(folder, '') }));
  },
};
