import { Failure } from '../core/failure';
import { parameterCount, trainableParameterCount } from '../core/graph/layerGraph';
import type { EndEvent, RunEvent } from '../core/run/events';
import type { FromTrainer, TrainRequest } from '../protocol/trainer';
import { logLine } from '../runs/logLine';
import { RunWriter } from '../runs/runWriter';
import { Fit } from './fit';
import { prepare, type Prepared } from './prepare';
import { writeResult } from './writeResult';

/** What a request is carried out with. */
export interface Session {
  readonly send: (message: FromTrainer) => void;
  /** Aborted when somebody asks to stop: the step in hand is the last. */
  readonly stop: AbortSignal;
  /** Rejects when the process is about to die of an error that nobody caught. */
  readonly crashed: Promise<never>;
}

/**
 * Carries out a plan: one run, one folder. A stopped run keeps the model as it was after its last step.
 * @returns how the run ended
 * @throws Failure, after the run was marked as failed; before the folder exists, with nothing written
 */
export async function train(request: TrainRequest, session: Session): Promise<'finished' | 'stopped'> {
  const prepared = await prepare(request, session.stop);
  try {
    session.stop.throwIfAborted();
    const writer = await RunWriter.create({
      out: prepared.plan.out,
      name: prepared.name,
      plan: prepared.plan,
      ...(prepared.model.recipe && { recipe: prepared.model.recipe }),
    });
    try {
      return await Promise.race([run(prepared, writer, session), session.crashed]);
    } catch (error) {
      fail(writer, session, error);
      throw error;
    } finally {
      writer.close();
    }
  } finally {
    prepared.executor.dispose();
  }
}

async function run(prepared: Prepared, writer: RunWriter, session: Session): Promise<'finished' | 'stopped'> {
  const { executor, model, phases, data, frozen } = prepared;
  const emit = emitter(writer, session);
  session.send({ type: 'run', folder: writer.folder });
  emit(startOf(prepared));
  for (const { code, message } of [...model.notes, ...data.notes])
    emit({ type: 'warning', time: Date.now(), code, message });
  const finished = await new Fit(prepared, emit, session.stop).run();
  const changed = await frozen.changed(executor);
  if (changed.length > 0) {
    emit({
      type: 'warning',
      time: Date.now(),
      code: 'FROZEN_CHANGED',
      message: `frozen weights are not what they were: ${changed.join(', ')}; please report this`,
    });
  }
  const result = {
    graph: phases.at(-1)?.graph ?? model.graph,
    weights: (layer: string, weight: { readonly name: string }) => executor.weight(layer, weight.name),
    labels: data.classes,
  };
  const { files, notes } = await writeResult(result, writer.folder);
  for (const { code, message } of notes) emit({ type: 'warning', time: Date.now(), code, message });
  const status = finished ? 'finished' : 'stopped';
  emit({ type: 'end', time: Date.now(), status, model: files });
  return status;
}

function emitter(writer: RunWriter, session: Session): (event: RunEvent) => void {
  return (event) => {
    writer.append(event);
    const line = logLine(event);
    if (line !== undefined) writer.log(line);
    session.send({ type: 'event', event });
  };
}

function startOf({ name, plan, engine, passedOver, data, phases }: Prepared): RunEvent {
  const layers = phases[0]?.graph.layers ?? [];
  return {
    type: 'start',
    time: Date.now(),
    version: 1,
    name,
    engine: engine.name,
    device: engine.device,
    ...(passedOver.length > 0 && { passedOver }),
    epochs: phases.reduce((sum, { epochs }) => sum + epochs, 0),
    stepsPerEpoch: Math.ceil(data.train.indices.length / plan.batchSize),
    trainSamples: data.train.indices.length,
    validationSamples: data.validation.indices.length,
    batchSize: plan.batchSize,
    classes: data.classes,
    totalParams: layers.reduce((sum, layer) => sum + parameterCount(layer), 0),
    trainableParams: layers.reduce((sum, layer) => sum + trainableParameterCount(layer), 0),
  };
}

/** Marks the run as failed. A disk that refuses this too leaves it as lost. */
function fail(writer: RunWriter, session: Session, error: unknown): void {
  const code = error instanceof Failure ? error.code : 'INTERNAL';
  const message = error instanceof Error ? error.message : String(error);
  const end: EndEvent = {
    type: 'end',
    time: Date.now(),
    status: 'failed',
    model: [],
    error: { code, message },
  };
  writer.log(error instanceof Error && !(error instanceof Failure) ? (error.stack ?? message) : message);
  try {
    writer.append(end);
  } catch {
    return;
  }
  session.send({ type: 'event', event: end });
}
