import type { Layer, LayerGraph, LayerId } from '../core/graph/layerGraph';
import { kindNamed } from '../core/layers/catalogue';
import type { Serialized } from '../core/layers/serialized';
import { innerLayers } from '../core/layers/wrapping';
import { Failure } from '../core/failure';
import { inferShapes, shapeOf } from '../core/graph/infer';
import { showShape } from '../core/layers/kind';
import type { Objective } from '../core/plan/objective';
import type { Optimizer } from '../core/plan/plan';
import type { Head } from './answers';
import { activitiesOf, type Activity } from './losses/activity';
import { lossOf, type SampleLoss } from './losses/loss';
import { penaltyOf, regularizerOf, type Penalty } from './losses/penalty';
import { scoringOf, type Scoring } from './losses/scoring';
import { OptimizerState } from './optimizers/optimizer';
import { checkGradients } from './program/gradientFlow';
import { cutPrefix, type CutProgram } from './program/prefix';
import { cannotTrain, type Program } from './program/program';
import { t } from '../l10n/translate';

export interface PhaseOptions extends Objective {
  /** The freeze set's opposite: layers whose weights and statistics may change. */
  readonly trainable: ReadonlySet<LayerId>;
  /** Of layers whose updates are not the optimizer's own size. */
  readonly learningRateMultipliers?: ReadonlyMap<LayerId, number>;
  readonly optimizer: Optimizer;
  readonly batchNorm: 'train' | 'inference';
  /** How many times a sample of a class counts in the loss of a step, by the class's number. */
  readonly classWeights?: readonly number[] | undefined;
  readonly seed: number;
}

/** A weight that a phase trains. */
export interface TrainedWeight {
  readonly layer: string;
  readonly weight: string;
  readonly penalty?: Penalty;
  readonly learningRateMultiplier: number;
}

/** A phase of training, worked out for one program. */
export interface Phase {
  readonly options: PhaseOptions;
  readonly cut: CutProgram;
  readonly trained: readonly TrainedWeight[];
  readonly optimizer: OptimizerState;
  readonly scoring: Scoring;
  readonly sampleLoss: SampleLoss;
  /** What outputs of layers add to the loss. */
  readonly activities: readonly Activity[];
  readonly head: Head;
}

/**
 * @param whole the graph's program, its last activation included
 * @param purpose to evaluate needs nothing that can be trained
 * @throws Failure of kind `input`: `NOTHING_TRAINABLE`, `OUTPUT_SHAPE`, `LOSS_HEAD`, or `LAYER_CANNOT_TRAIN` for a layer
 * whose configuration asks for what is not trained with or which does in training what is not done here
 */
export function openPhase(
  graph: LayerGraph,
  whole: Program,
  options: PhaseOptions,
  purpose: 'train' | 'evaluate' = 'train',
): Phase {
  const units = unitsOf(graph);
  const scoring = scoringOf(whole, options, units);
  const { program } = scoring;
  const called = new Set(program.calls.map(({ layer }) => layer.id));
  const layers = graph.layers.filter(({ id }) => options.trainable.has(id) && called.has(id));
  const multipliers = options.learningRateMultipliers;
  const trained = layers.flatMap((layer) => trainedWeights(layer, multipliers?.get(layer.id) ?? 1));
  if (purpose === 'train') requireTrainable(program, options, trained);
  const cut = cutPrefix(program, options.trainable);
  const optimizer = new OptimizerState(options.optimizer);
  const sampleLoss = lossOf(options, scoring.isLogits);
  const activities = activitiesOf(program);
  const head = { units, loss: options.loss };
  return { options, cut, trained, optimizer, scoring, sampleLoss, activities, head };
}

function requireTrainable(
  program: Program,
  { trainable }: PhaseOptions,
  trained: readonly TrainedWeight[],
): void {
  if (trained.length === 0) {
    const message = t('found no trainable weight, expected at least one; unfreeze a layer');
    throw new Failure('input', 'NOTHING_TRAINABLE', message);
  }
  for (const { layer, config, entry } of program.calls) {
    const refusal = entry.refusesTraining(config);
    if (refusal !== undefined) throw cannotTrain(layer, refusal);
  }
  checkGradients(program, trainable);
}

function unitsOf(graph: LayerGraph): number {
  const inference = inferShapes(graph);
  const shapes = graph.outputs.map((output) => shapeOf(inference, output));
  const units = shapes[0]?.at(1);
  if (shapes.length === 1 && shapes[0]?.length === 2 && typeof units === 'number') return units;
  const found = shapes.map((shape) => (shape ? showShape(shape) : t('an unknown shape'))).join(t(' and '));
  throw new Failure(
    'input',
    'OUTPUT_SHAPE',
    t(
      'the model puts out {0}, expected (None, classes) to compare with labels; graft a classification head',
      found,
    ),
  );
}

function trainedWeights(layer: Layer, learningRateMultiplier: number): TrainedWeight[] {
  const { config } = layer;
  const parameters = layer.weights.filter(({ role }) => role === 'parameter');
  if (parameters.length === 0) return [];
  const asked = unsupportedIn(layer);
  if (asked !== undefined) throw cannotTrain(layer, t('has {0}, which is not supported in training', asked));
  return parameters.map(({ name, shape }) => {
    const weight = { layer: layer.name, weight: name, learningRateMultiplier };
    const regularizer = regularizerOf(config, name);
    if (!regularizer) return weight;
    const penalty = penaltyOf(regularizer);
    const isMatrixs = regularizer.kind === 'OrthogonalRegularizer';
    if (penalty && (!isMatrixs || shape.length === 2)) return { ...weight, penalty };
    const expected = isMatrixs ? t('it on a matrix') : t('L1, L2, L1L2 or OrthogonalRegularizer');
    throw cannotTrain(
      layer,
      t('has the regularizer {0} on {1}, expected {2}', regularizer.kind, name, expected),
    );
  });
}

/** A key of the configuration, or of one inside it, that asks for what no step here does. */
function unsupportedIn({ kind, config }: Pick<Layer, 'kind' | 'config'>): string | undefined {
  const regularizer = config.activity_regularizer as Serialized | null | undefined;
  if (regularizer && (!isOfOutput(kind) || !sumsUp(regularizer))) return 'activity_regularizer';
  return (
    Object.keys(config).find((key) => key.endsWith('_constraint') && config[key] !== null) ??
    innerLayers(config)
      .map((inner) => (inner.config.activity_regularizer ? 'activity_regularizer' : unsupportedIn(inner)))
      .find((key) => key !== undefined)
  );
}

/** Whether a layer's activity is its outputs: attention hands its regularizer on to parts, recurrence has states. */
const isOfOutput = (kind: string): boolean =>
  !['attention', 'recurrent'].includes(kindNamed(kind)?.family ?? '');

const sumsUp = (regularizer: Serialized): boolean =>
  regularizer.kind !== 'OrthogonalRegularizer' && penaltyOf(regularizer) !== undefined;
