import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../core/failure';
import type { EngineName, Plan } from '../core/plan/plan';
import type { Metrics } from '../core/run/events';
import { classifierOf } from '../data/match';
import type { TrainingData } from '../data/openData';
import type { OperatedModel } from '../formats/operatedModel';
import { openWeights } from '../formats/weights';
import type { Answers } from './answers';
import { batchSource } from './batchSource';
import { withinMemory } from './diagnosis/outOfMemory';
import { chooseEngine } from './engines/choose';
import { openEngine } from './engines/engine';
import { Executor } from './executor';
import { Means } from './means';
import { openDataFor } from './prepare';
import { t } from '../l10n/translate';

/** A model and the samples that a plan holds out. */
export interface HeldOut {
  /** For people: what the model is called. */
  readonly modelPath: string;
  readonly model: OperatedModel;
  readonly plan: Plan;
  readonly data: TrainingData;
  readonly samples: number;
}

/** What one batch came out as. */
export interface MeasuredBatch {
  /** `[N, units]`, row-major: what the model predicts. */
  readonly scores: Float32Array;
  readonly answers: Answers;
  /** Of the model's output. */
  readonly units: number;
  /** Samples that are measured, this batch's too. */
  readonly done: number;
}

/** @throws Failure of kind `input` as for training the plan, and `DATA_EMPTY` where it holds nothing out */
export async function openHeldOut(
  modelPath: string,
  model: OperatedModel,
  { plan, planPath }: { readonly plan: Plan; readonly planPath: string },
  stop: AbortSignal,
): Promise<HeldOut> {
  const data = await openDataFor(model, plan, stop);
  const samples = data.validation.indices.length;
  if (samples > 0) return { modelPath, model, plan, data, samples };
  const message = t(
    '{0}: found no data that is held out for validation, expected a share or files of its own',
    planPath,
  );
  throw new Failure('input', 'DATA_EMPTY', message, { path: planPath });
}

/**
 * Measures a model on them: what an epoch of the plan's last phase would measure after its last step.
 *
 * @param see is given every batch in order
 * @returns the metrics by Keras's names, and the engine
 * @throws Failure of kind `work` (`PREDICTION_NOT_FINITE`, `LOSS_NOT_FINITE`), and what engines refuse
 */
export async function measureHeldOut(
  { modelPath, model, plan, data, samples }: HeldOut,
  asked: { readonly engine: Plan['engine']; readonly allowCpu: boolean },
  see: (batch: MeasuredBatch) => void,
  stop: AbortSignal,
): Promise<{ readonly metrics: Metrics; readonly engine: EngineName }> {
  const choice = await chooseEngine(asked, stop);
  await openEngine(choice.engine, choice.installation);
  const weights = openWeights();
  const executor = await Executor.create(model.graph, (_, weight) => weights.read(weight)).finally(() =>
    weights.close(),
  );
  try {
    const { loss, fromLogits, labelSmoothing, metrics, seed } = plan;
    executor.beginEvaluation({
      ...{ loss, fromLogits, labelSmoothing, metrics, seed },
      trainable: new Set(model.graph.layers.filter(({ trainable }) => trainable).map(({ id }) => id)),
      optimizer: plan.phases[0].optimizer,
      batchNorm: 'inference',
    });
    const means = new Means();
    const { units } = classifierOf(model.graph, model.inference, loss);
    for await (const batch of batchSource(plan, data).validate()) {
      await turn();
      stop.throwIfAborted();
      let scores = new Float32Array(0);
      const result = await withinMemory(
        batch,
        ({ inputs, labels }) =>
          executor.evaluate(inputs, labels, (seen) => (scores = Float32Array.from(seen))),
        () => t('after {0} of {1} samples', means.samples, samples),
      );
      requireNumbers(scores, { modelPath, before: means.samples, units });
      means.add(result);
      see({ scores, answers: batch.labels, units, done: means.samples });
    }
    const measured = means.metrics();
    if (!Number.isFinite(measured.loss)) throw notFinite(modelPath, measured.loss);
    return { metrics: measured, engine: choice.engine };
  } finally {
    executor.dispose();
  }
}

/** A loss may be a number where a prediction is none: it is cut off where a logarithm would be infinite. */
function requireNumbers(
  scores: Float32Array,
  {
    modelPath,
    before,
    units,
  }: { readonly modelPath: string; readonly before: number; readonly units: number },
): void {
  const at = scores.findIndex((score) => !Number.isFinite(score));
  if (at < 0) return;
  const sample = before + Math.floor(at / units) + 1;
  const message = t(
    '{0}: the model answers with {1} for sample {2} of the validation data, expected numbers; check its weights and how the data is preprocessed',
    modelPath,
    scores[at],
    sample,
  );
  throw new Failure('work', 'PREDICTION_NOT_FINITE', message, { path: modelPath });
}

function notFinite(model: string, loss: number | undefined): Failure {
  const message = t(
    '{0}: the loss is {1} on the validation data, expected a number; check its weights and how the data is preprocessed',
    model,
    loss,
  );
  return new Failure('work', 'LOSS_NOT_FINITE', message, { path: model });
}
