import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../core/failure';
import { classifierOf } from '../data/match';
import { readPlan } from '../formats/planFile';
import { openWeights } from '../formats/weights';
import type { EvaluateRequest, FromTrainer } from '../protocol/trainer';
import { batchSource } from './batchSource';
import { openComputable } from './computable';
import { ConfusionMatrix } from './confusionMatrix';
import { withinMemory } from './diagnosis/outOfMemory';
import { engineNamed } from './engineNamed';
import { chooseEngine } from './engines/choose';
import { openEngine } from './engines/engine';
import { Executor } from './executor';
import { Means } from './means';
import { openDataFor } from './prepare';

/**
 * Measures a model on the data that a plan holds out for validation: what an epoch of the plan's last phase would measure
 * after its last step. Writes nothing.
 *
 * @throws Failure of kind `input` as for training the plan, but that nothing of the model needs to be trainable, and
 * `DATA_EMPTY` where the plan holds nothing out; of kind `work` (`LOSS_NOT_FINITE`)
 */
export async function evaluate(
  request: EvaluateRequest,
  stop: AbortSignal,
): Promise<Extract<FromTrainer, { type: 'evaluated' }>> {
  const plan = await readPlan(request.plan);
  const engine = engineNamed(request.engine ?? plan.engine);
  const model = await openComputable(request.model, request.recipe);
  const data = await openDataFor(model, plan, stop);
  const samples = data.validation.indices.length;
  if (samples === 0) {
    const message = `${request.plan}: found no data that is held out for validation, expected a share or files of its own`;
    throw new Failure('input', 'DATA_EMPTY', message, { path: request.plan });
  }
  const choice = await chooseEngine({ engine, allowCpu: request.allowCpu === true }, stop);
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
    let confusion: ConfusionMatrix | undefined;
    for await (const batch of batchSource(plan, data).validate()) {
      await turn();
      stop.throwIfAborted();
      let scores = new Float32Array(0);
      const result = await withinMemory(
        batch,
        ({ inputs, labels }) =>
          executor.evaluate(inputs, labels, (seen) => (scores = Float32Array.from(seen))),
        () => `after ${means.samples} of ${samples} samples`,
      );
      means.add(result);
      confusion ??= ConfusionMatrix.of(loss, data.classes, units, batch.labels);
      confusion?.add(scores, batch.labels);
    }
    const measured = means.metrics();
    if (!Number.isFinite(measured.loss)) throw notFinite(request.model, measured.loss);
    return {
      type: 'evaluated',
      evaluation: { samples, metrics: measured, ...(confusion && { confusion: confusion.counted }) },
      notes: data.notes.map(({ code, message }) => ({ code, message })),
    };
  } finally {
    executor.dispose();
  }
}

function notFinite(model: string, loss: number | undefined): Failure {
  const message = `${model}: the loss is ${loss} on the validation data, expected a number; check its weights and how the data is preprocessed`;
  return new Failure('work', 'LOSS_NOT_FINITE', message, { path: model });
}
