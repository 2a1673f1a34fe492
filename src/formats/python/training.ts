import { Failure } from '../../core/failure';
import type { FreezeRule } from '../../core/freeze/rule';
import type { Layer, LayerGraph } from '../../core/graph/layerGraph';
import { optimizerSchema } from '../../core/plan/optimizer';
import type { Metric, Optimizer, Plan } from '../../core/plan/plan';
import { dataScript } from './data';
import { freezeScript } from './freeze';
import { literal, list } from './literal';
import { call } from './newLayer';
import { t } from '../../l10n/translate';

export interface TrainingScript {
  readonly lines: readonly string[];
  readonly numpy: boolean;
}

/** What a plan's phases do to `model`: data, then for each phase its freezing, `compile` and `fit`. */
export function trainingScript(
  plan: Plan,
  recipeRules: readonly FreezeRule[],
  states: readonly LayerGraph[],
  isLayer: (layer: Layer) => boolean,
  pathCode: (file: string) => string,
): TrainingScript {
  const graph = states.at(-1);
  if (!graph) return { lines: [], numpy: false };
  refuseObjective(plan);
  const data = dataScript(plan, graph, pathCode);
  const refreezes = refreezesOf(plan);
  const fixesStatistics = plan.phases.some(({ batchNorm }) => batchNorm === 'inference');
  let epochs = 0;
  const phases = plan.phases.flatMap((phase, index) => {
    const first = epochs;
    epochs += phase.epochs;
    const rules = phase.freeze ?? recipeRules;
    refuseMultipliers(rules);
    return [
      '',
      `# Phase ${index + 1} of ${plan.phases.length}.`,
      ...(refreezes ? [...THAW, ...freezeScript(states, rules, isLayer)] : []),
      ...(fixesStatistics ? [`use_moving_statistics(${literal(phase.batchNorm === 'inference')})`] : []),
      call('model.compile', [
        `optimizer=${optimizerCode(phase.optimizer)}`,
        'loss="sparse_categorical_crossentropy"',
        `metrics=${list(plan.metrics.map(metricCode))}`,
      ]),
      call('model.fit', [...data.fit, ...(first > 0 ? [`initial_epoch=${first}`] : []), `epochs=${epochs}`]),
    ];
  });
  return {
    lines: [
      ...data.lines,
      ...(fixesStatistics ? USE_MOVING_STATISTICS : []),
      ...(refreezes ? ['', 'as_loaded = {layer.name: layer.trainable for layer in model.layers}'] : []),
      ...phases,
    ],
    numpy: data.numpy,
  };
}

/** @throws Failure for what Keras's optimizers have no argument for */
function refuseMultipliers(rules: readonly FreezeRule[]): void {
  const rule = rules.find(({ learningRateMultiplier }) => learningRateMultiplier !== undefined);
  if (!rule) return;
  throw new Failure(
    'input',
    'PYTHON_MULTIPLIER',
    t(
      "the freeze rule {0} multiplies a learning rate, which Keras's optimizers cannot do by layer; write the script without a plan, or take the multiplier out",
      JSON.stringify(rule),
    ),
  );
}

/** Whether a phase has freeze rules of its own: then each phase starts from what the file says, and freezes anew. */
export function refreezesOf(plan: Plan): boolean {
  return plan.phases.some(({ freeze }) => freeze !== undefined);
}

const THAW = ['for layer in model.layers:', '    layer.trainable = as_loaded[layer.name]'];

/** @throws Failure for what the script's data or its `fit` would need more for */
function refuseObjective(plan: Plan): void {
  const scheduled = plan.phases.findIndex(
    ({ schedule }) => schedule && (schedule.kind !== 'constant' || schedule.warmup),
  );
  const others: readonly (readonly [boolean, string])[] = [
    [plan.loss !== 'sparseCategoricalCrossentropy', t('loss {0}', plan.loss)],
    [plan.fromLogits === true, 'fromLogits'],
    [(plan.labelSmoothing ?? 0) > 0, 'labelSmoothing'],
    [plan.classWeights !== undefined, 'classWeights'],
    [scheduled >= 0, t('schedule of phase {0}', scheduled + 1)],
    ...plan.metrics.map((metric) => [!hasCode(metric), t('metric {0}', metric)] as const),
  ];
  const found = others.filter(([isAsked]) => isAsked).map(([, word]) => word);
  if (found.length === 0) return;
  throw new Failure(
    'input',
    'PYTHON_PLAN',
    t(
      'the plan has {0}, expected what a script can be written for: sparseCategoricalCrossentropy with accuracy and top-k; write the script without a plan, or take it out',
      found.join(', '),
    ),
  );
}

const hasCode = (metric: Metric): boolean => metric === 'accuracy' || metric.startsWith('top');

function metricCode(metric: Metric): string {
  const most = metric.slice('top'.length);
  return metric === 'accuracy'
    ? '"accuracy"'
    : `keras.metrics.SparseTopKCategoricalAccuracy(${most}, name="${metric}")`;
}

/** Keras lets a whole model run in inference, or a frozen layer; this is for layers that train all the same. */
const USE_MOVING_STATISTICS = [
  '',
  '',
  'def use_moving_statistics(always):',
  '    """Lets trainable BatchNormalization keep and use its moving statistics."""',
  '    for layer in model.layers:',
  '        if isinstance(layer, keras.layers.BatchNormalization):',
  '            usual = type(layer).call.__get__(layer)',
  '',
  '            def inference(inputs, training=None, mask=None, call=usual):',
  '                return call(inputs, training=False, mask=mask)',
  '',
  '            layer.call = inference if always else usual',
  '',
];

function optimizerCode(optimizer: Optimizer): string {
  const { kind, learningRate, ...others } = optimizer;
  const usual = optimizerSchema.parse({ kind });
  const options = Object.entries(others).flatMap(([name, value]) => {
    const isUsual = value === undefined || value === usual[name as keyof Optimizer];
    return isUsual || !isNamed(name) ? [] : [`${ARGUMENTS[name]}=${literal(value)}`];
  });
  return `keras.optimizers.${CLASSES[kind]}(${[literal(learningRate), ...options].join(', ')})`;
}

const CLASSES = { sgd: 'SGD', rmsprop: 'RMSprop', adam: 'Adam', adamw: 'AdamW' } as const;

/** What Keras calls an optimizer's options. */
const ARGUMENTS = {
  momentum: 'momentum',
  nesterov: 'nesterov',
  rho: 'rho',
  centered: 'centered',
  beta1: 'beta_1',
  beta2: 'beta_2',
  epsilon: 'epsilon',
  amsgrad: 'amsgrad',
  weightDecay: 'weight_decay',
  clipNorm: 'clipnorm',
  globalClipNorm: 'global_clipnorm',
  clipValue: 'clipvalue',
} as const;

const isNamed = (name: string): name is keyof typeof ARGUMENTS => Object.hasOwn(ARGUMENTS, name);
