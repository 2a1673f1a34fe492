import path from 'node:path';
import { Failure } from '../core/failure';
import { DEPTH, MOST_ROWS, type Answers, type Judgement } from '../core/run/judgement';
import { readPlan } from '../formats/planFile';
import { isRegression } from '../core/plan/objective';
import type { FromTrainer, JudgeRequest } from '../protocol/trainer';
import { modelToJudge } from '../runs/judgedModel';
import { writeJudgement } from '../runs/judgementFile';
import { RUN_FILES } from '../runs/runFolder';
import { readRunInputs } from '../runs/runInputs';
import { readRun } from '../runs/runReader';
import { openComputable } from './computable';
import { areOfOneClass } from './confusionMatrix';
import { engineNamed } from './engineNamed';
import { measureHeldOut, openHeldOut, type HeldOut } from './heldOut';
import { JudgedSamples } from './judgedSamples';
import { filesThen } from './prepare';
import { changesBetween, filesOfData, statesOf } from './resume/dataFiles';
import { t } from '../l10n/translate';

/**
 * Measures a run's model on the samples that the run held out, and keeps what it made of each in the run's folder.
 *
 * @throws Failure of kind `input` as `evaluate`, `NOTHING_TO_JUDGE` where the run has no model yet
 */
export async function judge(
  request: JudgeRequest,
  send: (message: FromTrainer) => void,
  stop: AbortSignal,
): Promise<void> {
  const { run } = request;
  const planPath = path.join(run, RUN_FILES.plan);
  const plan = await readPlan(planPath);
  const engine = engineNamed(request.engine ?? plan.engine);
  const judged = await modelToJudge(run, (await readRun(run, { steps: false })).events);
  if (!judged) {
    const message = t(
      "{0}: found neither a model nor a checkpoint in the run's folder, expected one; save a checkpoint or let the run finish",
      run,
    );
    throw new Failure('input', 'NOTHING_TO_JUDGE', message, { path: run });
  }
  const modelPath = path.join(run, judged.path);
  const model = await openComputable(modelPath);
  const heldOut = await openHeldOut(modelPath, model, { plan, planPath }, stop);
  const { data, samples } = heldOut;
  send({ type: 'judging', done: 0, samples });
  let made: JudgedSamples | undefined;
  const measured = await measureHeldOut(
    heldOut,
    { engine, allowCpu: request.allowCpu === true },
    (batch) => {
      if (areOfOneClass(plan.loss, batch.units, batch.answers)) {
        made ??= new JudgedSamples(data.classes, data.validation.indices);
        made.add(batch);
      }
      send({ type: 'judging', done: batch.done, samples });
    },
    stop,
  );
  const answers: Answers = made?.answers() ?? { kind: isRegression(plan.loss) ? 'values' : 'severalLabels' };
  const judgement: Judgement = {
    version: 1,
    model: judged,
    time: Date.now(),
    engine: measured.engine,
    samples,
    metrics: measured.metrics,
    notes: await notesOn(run, heldOut),
    answers,
  };
  stop.throwIfAborted();
  await writeJudgement(run, judgement);
  send({ type: 'judged' });
}

/** What makes these samples others than those the run held out, or not all of them. */
async function notesOn(run: string, { data, samples }: HeldOut): Promise<readonly string[]> {
  const inputs = await readRunInputs(run).catch(() => undefined);
  const changes = inputs
    ? changesBetween(filesThen({ folder: run, inputs }), await statesOf(filesOfData(data)))
    : [];
  return [
    ...(changes.length > 0
      ? [
          changes.length > 1
            ? t(
                'The data is not what it was when the run began: {0}, and {1} more. Held-out samples may be others.',
                changes[0],
                changes.length - 1,
              )
            : t(
                'The data is not what it was when the run began: {0}. Held-out samples may be others.',
                changes[0],
              ),
        ]
      : []),
    ...(samples > MOST_ROWS
      ? [
          t(
            'Counts are of all {0} samples; the first {1} can be looked at one by one, each with its {2} highest scores.',
            samples,
            MOST_ROWS,
            DEPTH,
          ),
        ]
      : []),
  ];
}
