import { isDeepStrictEqual } from 'node:util';
import { checkPlan } from '../core/plan/parsePlan';
import type { Plan } from '../core/plan/plan';
import type { FineTuning, TrainingForm } from '../protocol/editor';
import { planOfForm } from '../protocol/formPlan';

/**
 * The training form that means a plan; nothing where a form has no words for all of it, so that nothing is lost in silence.
 *
 * @param plan its paths absolute
 * @param stages how many the model has, after its recipe
 */
export function formOfPlan(plan: Plan, stages: number): TrainingForm | undefined {
  const { data, phases, batchSize, seed, earlyStopping, checkpoint, labelSmoothing, classWeights } = plan;
  const [first, second, ...more] = phases;
  if (!first || more.length > 0 || data.kind !== 'images') return undefined;
  if (typeof data.validation !== 'number' || typeof data.preprocess !== 'string') return undefined;
  const { schedule } = first;
  if (schedule?.kind === 'step' || schedule?.kind === 'exponential') return undefined;
  const form: TrainingForm = {
    ...{ dataFolder: data.train, validation: data.validation, preprocess: data.preprocess },
    ...{ epochs: first.epochs, optimizer: first.optimizer.kind, batchSize, seed, labelSmoothing },
    learningRate: first.optimizer.learningRate,
    batchNorm: first.batchNorm,
    cacheFeatures: plan.cacheFeatures === 'off' ? 'off' : 'auto',
    ...(data.augment && { augment: data.augment }),
    ...(schedule && { schedule }),
    ...(classWeights === 'balanced' && { classWeights }),
    ...(earlyStopping && { earlyStopping }),
    ...(checkpoint && { checkpoint }),
    ...(second && { fineTune: fineTuningOf(second, stages) }),
  };
  const { value: meant } = checkPlan({ ...planOfForm(form, stages), model: plan.model });
  return meant && isDeepStrictEqual(words(meant), words(plan)) ? form : undefined;
}

/** A second phase as the form writes it: what it says otherwise shows when it is compared. */
function fineTuningOf({ epochs, optimizer, freeze }: Plan['phases'][number], stages: number): FineTuning {
  const match = freeze?.[1]?.match;
  const frozen = match && 'stages' in match ? match.stages : 0;
  return { epochs, learningRate: optimizer.learningRate, stages: stages - frozen };
}

/** What a form decides; JSON has no `undefined`. */
function words(plan: Plan): unknown {
  const decided = { ...plan, version: 0, model: '', recipe: '', name: '', out: '', engine: '' };
  return JSON.parse(JSON.stringify(decided));
}
