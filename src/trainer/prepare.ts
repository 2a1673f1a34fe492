import path from 'node:path';
import { preprocessWarning } from '../core/backbone/preprocessWarning';
import { Failure } from '../core/failure';
import type { LayerGraph } from '../core/graph/layerGraph';
import type { Phase, Plan } from '../core/plan/plan';
import { classifierOf } from '../data/match';
import { openData, type TrainingData } from '../data/openData';
import { readPlan } from '../formats/planFile';
import { nameOfModel, type OperatedModel } from '../formats/operatedModel';
import { openWeights } from '../formats/weights';
import type { EngineFound, PassedOver } from '../protocol/engines';
import type { TrainRequest } from '../protocol/trainer';
import { batchSource, type BatchSource } from './batchSource';
import { requireMonitor } from './bestEpoch';
import { openComputable } from './computable';
import { classWeightsOf } from './classWeights';
import { chooseEngine } from './engines/choose';
import { openEngine } from './engines/engine';
import { Executor, type PhaseOptions } from './executor';
import { FrozenWeights } from './frozenWeights';
import { engineNamed } from './engineNamed';
import { changesBetween, filesOfData, statesOf, type FileState } from './resume/dataFiles';
import { ModelDigest } from './resume/modelDigest';
import { openResume, refuseChanges, type Resumable } from './resume/openResume';
import { t } from '../l10n/translate';

export interface PreparedPhase extends Phase {
  /** With the phase's freeze set as its layers' flags. */
  readonly graph: LayerGraph;
  readonly options: PhaseOptions;
}

/** All that a run needs, checked and in memory; nothing is written yet. */
export interface Prepared {
  readonly name: string;
  /** Its paths absolute. */
  readonly plan: Plan;
  readonly model: OperatedModel;
  readonly phases: readonly PreparedPhase[];
  readonly data: TrainingData;
  readonly engine: EngineFound;
  /** Better engines that were not taken. */
  readonly passedOver: readonly PassedOver[];
  readonly executor: Executor;
  readonly frozen: FrozenWeights;
  readonly source: BatchSource;
  /** What the model is, before the first step. */
  readonly modelDigest: string;
  /** The files that the samples come from, as they were before any was trained on. */
  readonly dataFiles: readonly FileState[];
  /** The run that is gone on with; the weights are those of its checkpoint. */
  readonly resumed?: Resumable;
}

/**
 * Does everything that can go wrong with the input, and leaves no trace: a run folder is made after it.
 * @throws Failure
 */
export async function prepare(request: TrainRequest, signal: AbortSignal): Promise<Prepared> {
  const resumed = request.resume === undefined ? undefined : await openResume(request.resume, request);
  const plan = resumed?.plan ?? (await readPlan(request.plan));
  const engineName = engineNamed(resumed?.inputs.engine ?? request.engine ?? plan.engine);
  const model = await openComputable(plan.model, plan.recipe);
  const unweighted = plan.phases.map((phase, index) => preparePhase(plan, phase, index, model));
  const data = await openDataFor(model, plan, signal);
  requireMonitor(plan, data.validation.indices.length > 0);
  const dataFiles = await statesOf(filesOfData(data));
  if (resumed) refuseChanges(resumed.folder, changesBetween(filesThen(resumed), dataFiles));
  const classWeights = classWeightsOf(plan.classWeights, data.classes, data.train);
  const phases = unweighted.map((phase) => ({ ...phase, options: { ...phase.options, classWeights } }));
  const choice = await chooseEngine({ engine: engineName, allowCpu: request.allowCpu === true }, signal);
  const engine = await openEngine(choice.engine, choice.installation);
  const frozen = new FrozenWeights(phases.map(({ graph }) => graph));
  const weights = openWeights();
  const digest = new ModelDigest(model.graph);
  try {
    const executor = await Executor.create(model.graph, async (layer, weight) => {
      const values = await weights.read(weight);
      digest.add(values);
      frozen.remember(layer, weight, values);
      return resumed ? resumed.checkpoint.weight(layer, weight) : values;
    });
    const modelDigest = digest.finish();
    if (resumed && modelDigest !== resumed.inputs.model) {
      executor.dispose();
      refuseChanges(resumed.folder, [t('{0}: other layers or weights than before', plan.model)]);
    }
    // Asked in vain here, so that a layer that cannot be trained as it asks is met before anything is written.
    for (const { options } of phases) executor.beginPhase(options);
    return {
      name: plan.name ?? nameOfModel(plan.model),
      plan,
      model,
      phases,
      data,
      engine,
      passedOver: choice.passedOver,
      executor,
      frozen,
      source: batchSource(plan, data),
      modelDigest,
      dataFiles,
      ...(resumed && { resumed }),
    };
  } finally {
    await weights.close();
  }
}

/** A plan's data, as a model takes it. @throws Failure of kind `input` */
export async function openDataFor(
  { graph, inference, labels }: Pick<OperatedModel, 'graph' | 'inference' | 'labels'>,
  { data, loss, seed }: Plan,
  signal: AbortSignal,
): Promise<TrainingData> {
  const opened = await openData(data, classifierOf(graph, inference, loss), seed, signal);
  const warning = preprocessWarning(graph, { data });
  const found = warning ? { ...opened, notes: [...opened.notes, warning] } : opened;
  // Arrays and MNIST's files have numbers for labels: where the model has names for as many, they are those.
  const isNumbered = data.kind === 'arrays' || data.kind === 'idx';
  return isNumbered && labels?.length === found.classes.length ? { ...found, classes: labels } : found;
}

/** The data's files as they were when the run began. */
export function filesThen({ folder, inputs }: Pick<Resumable, 'folder' | 'inputs'>): readonly FileState[] {
  return inputs.data.map(([file, bytes, modified]) => ({
    file: path.resolve(folder, file),
    bytes,
    modified,
  }));
}

function preparePhase(plan: Plan, phase: Phase, index: number, model: OperatedModel): PreparedPhase {
  const { graph, learningRateMultipliers } = phase.freeze ? model.refreeze(phase.freeze) : model;
  const trained = graph.layers.filter((layer) => layer.trainable);
  if (!trained.some((layer) => layer.weights.some(({ role }) => role === 'parameter'))) {
    throw new Failure(
      'input',
      'NOTHING_TRAINABLE',
      t('phase {0}: found no trainable weight, expected at least one; unfreeze a layer', index + 1),
    );
  }
  const { optimizer, batchNorm } = phase;
  const { loss, fromLogits, labelSmoothing, metrics, seed } = plan;
  const trainable = new Set(trained.map(({ id }) => id));
  return {
    ...phase,
    graph,
    options: {
      trainable,
      learningRateMultipliers,
      optimizer,
      batchNorm,
      loss,
      fromLogits,
      labelSmoothing,
      metrics,
      seed: seed + index,
    },
  };
}
