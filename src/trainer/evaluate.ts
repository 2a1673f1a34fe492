import { readPlan } from '../formats/planFile';
import type { EvaluateRequest, FromTrainer } from '../protocol/trainer';
import { openComputable } from './computable';
import { ConfusionMatrix } from './confusionMatrix';
import { engineNamed } from './engineNamed';
import { measureHeldOut, openHeldOut } from './heldOut';

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
  const heldOut = await openHeldOut(request.model, model, { plan, planPath: request.plan }, stop);
  const { data, samples } = heldOut;
  let confusion: ConfusionMatrix | undefined;
  const { metrics } = await measureHeldOut(
    heldOut,
    { engine, allowCpu: request.allowCpu === true },
    ({ scores, answers, units }) => {
      confusion ??= ConfusionMatrix.of(plan.loss, data.classes, units, answers);
      confusion?.add(scores, answers);
    },
    stop,
  );
  return {
    type: 'evaluated',
    evaluation: { samples, metrics, ...(confusion && { confusion: confusion.counted }) },
    notes: data.notes.map(({ code, message }) => ({ code, message })),
  };
}
