import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerGraph, WeightRef } from '../core/graph/layerGraph';
import { requireAnswers, sampleWeights, samplesOf, targetsOf, type Answers } from './answers';
import { batchOf, type Tensorlike } from './batch';
import { CarriedStates } from './carriedStates';
import { FiniteChecks, type NotFinite } from './diagnosis/finiteChecks';
import type { CallContext } from './layers/forward';
import { randomStream } from './layers/random';
import { activityPenalty } from './losses/activity';
import type { Tally } from './metrics/confusion';
import { measure } from './metrics/measure';
import type { OptimizerSnapshot } from './optimizers/optimizer';
import { openPhase, type Phase, type PhaseOptions } from './phase';
import { chooseCrossing, type Crossing, type CrossingBatch } from './program/crossing';
import { FrozenRun } from './program/frozenRun';
import { compile, keysReadBy, type Program, type ProgramCall } from './program/program';
import { gradientsOf } from './program/reversePass';
import { runCalls, tensorAt, type Tensors } from './program/runCalls';
import { WeightStore, type WeightSnapshot } from './weightStore';

export type { Answers } from './answers';
export type { Tensorlike } from './batch';
export type { OptimizerSnapshot } from './optimizers/optimizer';
export type { PhaseOptions } from './phase';
export type { WeightSnapshot } from './weightStore';

/** What a step begins with: the model's inputs, or what the phase's prefix has made of them before. */
export type StepInputs = readonly Tensorlike[] | CrossingBatch;

export interface BatchResult {
  readonly samples: number;
  /** Sums over the samples, by Keras's history name. */
  readonly sums: Readonly<Record<string, number>>;
  /** What metrics that are no means over samples add up; see `metrics/confusion.ts`. */
  readonly tallies?: Readonly<Record<string, Tally>>;
}

/** A type and not an interface, so that `tf.tidy` takes it for a container of tensors. */
type Scored = {
  readonly loss: tf.Scalar;
  /** `[N, units]`: what the model predicts. */
  readonly scores: tf.Tensor;
};

/**
 * Computes with a layer graph on the open engine: predicts, evaluates, and trains it in place. Methods are not
 * re-entrant; await one before the next.
 */
export class Executor {
  private phase: Phase | undefined;
  private readonly carried = new CarriedStates();
  /** Of the phase's prefix. */
  private frozen: FrozenRun | undefined;

  private constructor(
    private readonly graph: LayerGraph,
    private readonly program: Program,
    private readonly weights: WeightStore,
  ) {}

  /**
   * @param read a weight's numbers, row-major
   * @throws Failure of kind `input` (`LAYER_CANNOT_TRAIN`) that names a layer which cannot be computed, and whatever
   * `read` throws
   */
  static async create(
    graph: LayerGraph,
    read: (layer: Layer, weight: WeightRef) => Promise<Float32Array>,
  ): Promise<Executor> {
    const program = compile(graph);
    return new Executor(graph, program, await WeightStore.read(graph, read));
  }

  /**
   * Begins a phase: the optimizer forgets what it knew.
   *
   * @throws Failure of kind `input` (`NOTHING_TRAINABLE`, `LAYER_CANNOT_TRAIN`, `OUTPUT_SHAPE`, `LOSS_HEAD`)
   */
  beginPhase(options: PhaseOptions): void {
    const phase = openPhase(this.graph, this.program, options);
    this.endPhase();
    this.phase = phase;
  }

  /**
   * Begins a phase in which nothing is trained: what layers refuse of training does not matter.
   *
   * @throws Failure of kind `input` (`OUTPUT_SHAPE`, `LOSS_HEAD`)
   */
  beginEvaluation(options: PhaseOptions): void {
    const phase = openPhase(this.graph, this.program, options, 'evaluate');
    this.endPhase();
    this.phase = phase;
  }

  /** One step of the optimizer. The result is of the batch before the step, as in Keras's history. */
  async trainStep(inputs: StepInputs, answers: Answers): Promise<BatchResult> {
    const phase = this.requirePhase();
    requireAnswers(answers, phase.head);
    phase.optimizer.beginStep();
    const scored = tf.tidy(() => this.update(phase, inputs, answers));
    return this.report(phase, scored, answers);
  }

  /**
   * Takes the step before apart that had no finite loss, and so moved nothing: which of its tensors was the first that is
   * not finite. The engine webgpu has moved the weights by then.
   */
  async findNotFinite(inputs: StepInputs, answers: Answers): Promise<NotFinite | undefined> {
    const phase = this.requirePhase();
    const checks = new FiniteChecks();
    tf.tidy(() => this.checkStep(phase, inputs, answers, checks));
    return checks.first();
  }

  /** @param see is given what the model predicts: `[N, units]`, row-major */
  async evaluate(
    inputs: StepInputs,
    answers: Answers,
    see?: (scores: Float32Array) => void,
  ): Promise<BatchResult> {
    const phase = this.requirePhase();
    requireAnswers(answers, phase.head);
    const scored = tf.tidy(() => {
      const { tensors, crossing } = this.enter(inputs);
      const { calls } = phase.scoring.program;
      this.run(crossing?.after ?? calls, tensors, scoredKeys(phase), this.inferring);
      return this.score(phase, tensors, answers);
    });
    return this.report(phase, scored, answers, see);
  }

  /** The model's outputs, in its own order. */
  async predict(inputs: readonly Tensorlike[]): Promise<readonly Tensorlike[]> {
    const outputs = tf.tidy(() => {
      const tensors = batchOf(inputs, this.program);
      this.run(this.program.calls, tensors, this.program.outputs, this.inferring);
      return this.program.outputs.map((key) => tensorAt(tensors, key));
    });
    const results = await Promise.all(
      outputs.map(async (output) => ({ data: await read(output), shape: output.shape })),
    );
    tf.dispose(outputs);
    return results;
  }

  /** The current value of a weight, row-major. */
  async weight(layerName: string, weightName: string): Promise<Float32Array> {
    return read(this.weights.get(layerName, weightName));
  }

  /** Of the phase, in force from the next step on; a layer's multiplier goes on top. */
  get learningRate(): number {
    return this.requirePhase().optimizer.learningRate;
  }

  set learningRate(rate: number) {
    this.requirePhase().optimizer.learningRate = rate;
  }

  /** What the phase's optimizer remembers: together with the weights, all that the next step builds on. */
  optimizerState(): Promise<OptimizerSnapshot> {
    return this.requirePhase().optimizer.snapshot();
  }

  /** Continues the phase as of a snapshot that was taken in it, by this executor or another one of the same plan. */
  restoreOptimizer(snapshot: OptimizerSnapshot): void {
    this.requirePhase().optimizer.restore(snapshot);
  }

  /** The weights as they are, kept on the engine until the snapshot is disposed. */
  snapshot(): WeightSnapshot {
    return this.weights.snapshot();
  }

  /** Sets all weights and statistics back, to the byte; the optimizer stays as it is. */
  restore(snapshot: WeightSnapshot): void {
    this.weights.restore(snapshot);
  }

  dispose(): void {
    this.carried.dispose();
    this.endPhase();
    this.weights.dispose();
  }

  private endPhase(): void {
    this.frozen?.dispose();
    this.frozen = undefined;
    this.phase?.optimizer.dispose();
    this.phase = undefined;
  }

  /** Where the phase's prefix may end for its outputs to be kept, if anywhere. */
  crossing(): Crossing | undefined {
    const { scoring, cut, activities } = this.requirePhase();
    const crossing = chooseCrossing(this.graph, scoring.program, cut);
    const before = new Set(crossing?.before.flatMap(({ outputs }) => outputs));
    // What adds to the loss of every batch cannot be left out of any.
    return activities.some(({ key }) => before.has(key)) ? undefined : crossing;
  }

  private enter(inputs: StepInputs): { readonly tensors: Tensors; readonly crossing?: Crossing } {
    if (!('crossing' in inputs)) return { tensors: batchOf(inputs, this.program) };
    const { crossing, tensors } = inputs;
    const crossed = crossing.tensors.map(({ key }, index) => {
      const { data, shape } = tensors[index];
      return [key, tf.tensor(data, [...shape], 'float32')] as const;
    });
    return { crossing, tensors: new Map(crossed) };
  }

  private requirePhase(): Phase {
    if (this.phase) return this.phase;
    throw new Error('no phase has begun: call beginPhase first');
  }

  /** Runs the prefix plainly, the rest on the gradient tape, and moves the weights. */
  private update(phase: Phase, inputs: StepInputs, answers: Answers): Scored {
    const { prefix, tail } = phase.cut;
    const scored = scoredKeys(phase);
    const { classWeights } = phase.options;
    const { tensors, crossing } = this.enter(inputs);
    const moved = new Map<string, Map<string, tf.Tensor>>();
    const contextOf = (call: ProgramCall) => this.training(phase, call, moved);
    const wanted = new Set([...scored, ...tail.flatMap(keysReadBy)]);
    if (crossing) this.run(crossing.rest, tensors, [...wanted], this.inferring);
    else (this.frozen ??= new FrozenRun(prefix, wanted, this.inferring)).run(tensors);
    this.changeWeights(phase, tail);

    const trained = phase.trained.map(({ layer, weight }) => this.weights.get(layer, weight));
    let scores: tf.Tensor | undefined;
    const { value: loss, gradients } = gradientsOf(() => {
      this.run(tail, tensors, scored, contextOf);
      const result = this.score(phase, tensors, answers, classWeights);
      scores = tf.keep(result.scores);
      return result.loss;
    }, trained);
    // A step that has gone wrong moves nothing, so that it can be taken apart; this engine cannot say so without waiting.
    if (tf.getBackend() !== 'webgpu' && !Number.isFinite(loss.dataSync()[0])) {
      for (const values of moved.values()) tf.dispose([...values.values()]);
      return { loss, scores: scores ?? loss };
    }
    const moving = phase.trained.flatMap((one, index) => {
      const gradient = gradients[index];
      return gradient ? [{ ...one, value: trained[index], gradient }] : [];
    });
    const updated = phase.optimizer.update(
      moving.map(({ layer, weight, value, gradient, learningRateMultiplier }) => ({
        name: `${layer}/${weight}`,
        weight: value,
        gradient,
        multiplier: learningRateMultiplier,
      })),
    );
    moving.forEach(({ layer, weight }, index) => this.weights.set(layer, weight, updated[index]));
    for (const [layer, values] of moved) {
      for (const [name, value] of values) this.weights.set(layer, name, value);
    }
    return { loss, scores: scores ?? loss };
  }

  /** Checks the tensors of a step in the order in which they are computed. */
  private checkStep(phase: Phase, inputs: StepInputs, answers: Answers, checks: FiniteChecks): void {
    const { prefix, tail } = phase.cut;
    const { tensors, crossing } = this.enter(inputs);
    for (const tensor of tensors.values()) checks.add({ what: 'input' }, tensor);
    for (const { layer, weight } of phase.trained)
      checks.add({ what: 'weight', layer, weight }, this.weights.get(layer, weight));
    const before = crossing?.rest ?? prefix;
    const everything = [...before, ...tail].flatMap((call) => [...call.outputs, ...keysReadBy(call)]);
    const runAll = (calls: readonly ProgramCall[], contextOf: (call: ProgramCall) => CallContext) => {
      for (const call of calls) {
        this.run([call], tensors, everything, contextOf);
        const { name: layer, kind } = call.layer;
        for (const key of call.outputs) checks.add({ what: 'output', layer, kind }, tensorAt(tensors, key));
      }
    };
    const moved = new Map<string, Map<string, tf.Tensor>>();
    const contextOf = (call: ProgramCall) => this.training(phase, call, moved);
    runAll(before, this.inferring);
    const entered = new Map(tensors);
    runAll(tail, contextOf);
    const trained = phase.trained.map(({ layer, weight }) => this.weights.get(layer, weight));
    const { value: loss, gradients } = gradientsOf(() => {
      this.run(tail, entered, everything, contextOf);
      return this.score(phase, entered, answers, phase.options.classWeights).loss;
    }, trained);
    checks.add({ what: 'loss' }, loss);
    // Backwards, as gradients are computed.
    const order = new Map(tail.map(({ layer }, index) => [layer.name, index]));
    phase.trained
      .flatMap(({ layer, weight }, index) => {
        const gradient = gradients[index];
        return gradient ? [{ layer, weight, gradient }] : [];
      })
      .sort((a, b) => (order.get(b.layer) ?? 0) - (order.get(a.layer) ?? 0))
      .forEach(({ layer, weight, gradient }) => checks.add({ what: 'gradient', layer, weight }, gradient));
    for (const values of moved.values()) tf.dispose([...values.values()]);
  }

  /** What layers do to their weights before they compute with them: the optimizer moves the weights that come of it. */
  private changeWeights({ options }: Phase, calls: readonly ProgramCall[]): void {
    for (const call of calls) {
      const { layer, config, entry } = call;
      if (!entry.beforeCall || !options.trainable.has(layer.id)) continue;
      const assign = (name: string, value: tf.Tensor) => this.weights.set(layer.name, name, value);
      entry.beforeCall(config, { ...this.inferring(call), training: true, trainable: true, assign });
    }
  }

  private run(
    calls: readonly ProgramCall[],
    tensors: Tensors,
    wanted: readonly string[],
    contextOf: (call: ProgramCall) => CallContext,
  ): void {
    runCalls(calls, tensors, new Set(wanted), contextOf);
  }

  /**
   * The loss, penalties included, and the scores that metrics are counted on.
   *
   * @param classWeights in training only, as in Keras
   */
  private score(phase: Phase, tensors: Tensors, answers: Answers, classWeights?: readonly number[]): Scored {
    const { head, scoring, sampleLoss } = phase;
    const [outputKey] = scoring.program.outputs;
    const output = tensorAt(tensors, outputKey) as tf.Tensor2D;
    const scores = scoring.finish(output);
    const losses = sampleLoss(output, targetsOf(answers, head));
    const weights = sampleWeights(answers, head, classWeights);
    const error = tf.mean<tf.Scalar>(weights ? tf.mul(losses, weights) : losses);
    const penalties = [
      ...phase.trained.flatMap(({ layer, weight, penalty }) =>
        penalty ? [penalty(this.weights.get(layer, weight))] : [],
      ),
      ...phase.activities.map(({ key, penalty }) =>
        activityPenalty(key === outputKey ? scores : tensorAt(tensors, key), penalty),
      ),
    ];
    return { loss: penalties.reduce((sum, penalty) => tf.add(sum, penalty), error), scores };
  }

  private async report(
    phase: Phase,
    scored: Scored,
    answers: Answers,
    see?: (scores: Float32Array) => void,
  ): Promise<BatchResult> {
    const [[loss], scores] = await Promise.all([read(scored.loss), read(scored.scores)]);
    tf.dispose([scored.loss, scored.scores]);
    see?.(scores);
    const samples = samplesOf(answers, phase.head.units);
    const { sums, tallies } = measure(phase.options.metrics, scores, answers, phase.head);
    return { samples, sums: { loss: loss * samples, ...sums }, tallies };
  }

  private readonly inferring = ({ layer }: ProgramCall): CallContext => ({
    weight: (name) => this.weights.get(layer.name, name),
    training: false,
    trainable: false,
    batchStatistics: false,
    random: randomStream(),
    assign: (name) => {
      throw new Error(`layer "${layer.name}" moves ${name} in inference`);
    },
    ...this.carried.of(layer.name),
  });

  /** @param moved new values of statistics by layer and name, which a second call of the layer builds on */
  private training(phase: Phase, call: ProgramCall, moved: Map<string, Map<string, tf.Tensor>>): CallContext {
    const { layer } = call;
    const { trainable, batchNorm, seed } = phase.options;
    const isTrained = trainable.has(layer.id);
    return {
      weight: (name) => moved.get(layer.name)?.get(name) ?? this.weights.get(layer.name, name),
      training: true,
      trainable: isTrained,
      batchStatistics: isTrained && batchNorm === 'train',
      random: randomStream(seed, phase.optimizer.steps, this.graph.layers.indexOf(layer), call.call),
      assign: (name, value) => {
        const own = moved.get(layer.name) ?? new Map<string, tf.Tensor>();
        own.get(name)?.dispose();
        moved.set(layer.name, own.set(name, tf.keep(value)));
      },
    };
  }
}

/** What the loss is taken of. */
function scoredKeys({ scoring, activities }: Phase): readonly string[] {
  return [...scoring.program.outputs, ...activities.map(({ key }) => key)];
}

async function read(tensor: tf.Tensor): Promise<Float32Array> {
  return (await tensor.data()) as Float32Array;
}
