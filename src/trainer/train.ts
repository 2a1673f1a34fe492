import path from 'node:path';
import { Failure } from '../core/failure';
import { parameterCount, trainableParameterCount } from '../core/graph/layerGraph';
import type { EndEvent, RunEvent } from '../core/run/events';
import type { FromTrainer, TrainRequest } from '../protocol/trainer';
import { parsePlan } from '../core/plan/parsePlan';
import { readJsonFile } from '../formats/jsonFile';
import { logLine } from '../runs/logLine';
import { RUN_FILES } from '../runs/runFolder';
import type { Plan } from '../core/plan/plan';
import { writeRunLength } from '../runs/runLength';
import { RunWriter } from '../runs/runWriter';
import { openBoard } from './board';
import { Recorder } from './checkpoint/recorder';
import type { RunControl } from './control';
import { withAdvice } from './diagnosis/outOfMemory';
import { Fit } from './fit';
import { prepare, type Prepared } from './prepare';
import { relativeTo } from './resume/dataFiles';
import { DataWatch } from './resume/dataWatch';
import type { Resumable } from './resume/openResume';
import { RunClock } from './runClock';
import { hearFolder } from './hearFolder';
import { tellMachine } from './machine/tellMachine';
import { writeResult } from './writeResult';
import { t } from '../l10n/translate';

/** What a request is carried out with. */
export interface Session {
  readonly send: (message: FromTrainer) => void;
  /** Aborted when somebody asks to stop: the step in hand is the last. */
  readonly stop: AbortSignal;
  /** What else somebody asks of the run while it goes. */
  readonly control: RunControl;
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
    const writer = await openFolder(prepared);
    try {
      const steering = hearFolder(writer.folder, (message) => session.control.hear(message));
      const machine = tellMachine(writer.folder);
      try {
        return await Promise.race([run(prepared, writer, session), session.crashed]);
      } finally {
        steering.dispose();
        await machine.dispose();
      }
    } catch (thrown) {
      const error = withAdvice(thrown, prepared.plan.batchSize);
      fail(writer, session, error);
      throw error;
    } finally {
      writer.close();
    }
  } finally {
    prepared.executor.dispose();
  }
}

/** A new folder, or that of the run which goes on. */
async function openFolder(prepared: Prepared): Promise<RunWriter> {
  const { plan, name, model, engine, modelDigest, dataFiles, resumed } = prepared;
  if (resumed) {
    if (resumed.lastEpochs !== undefined) await writeRunLength(resumed.folder, resumed.lastEpochs);
    return RunWriter.resume(resumed.folder);
  }
  const { recipe } = model;
  const writer = await RunWriter.create({ out: plan.out, name, plan, ...(recipe && { recipe }) });
  const { folder } = writer;
  await writer.writeInputs({
    version: 1,
    engine: engine.name,
    device: engine.device,
    plan: parsePlan(await readJsonFile(path.join(folder, RUN_FILES.plan))),
    model: modelDigest,
    data: dataFiles.map(({ file, bytes, modified }) => [relativeTo(folder, file), bytes, modified]),
  });
  return writer;
}

async function run(prepared: Prepared, writer: RunWriter, session: Session): Promise<'finished' | 'stopped'> {
  const tell = emitter(writer, session, prepared.resumed?.lastTime);
  session.send({ type: 'run', folder: writer.folder });
  begin(prepared, tell);
  const board = await openBoard(prepared, writer.folder, tell);
  const emit = (event: RunEvent) => {
    // Told whether or not a board takes it.
    const told = tell(event);
    board?.take(told);
  };
  try {
    return await carryOut(prepared, writer, session, emit);
  } finally {
    board?.close();
  }
}

/** Says what begins, or what goes on. */
function begin(prepared: Prepared, emit: (event: RunEvent) => void): void {
  const { model, data, resumed } = prepared;
  if (resumed) {
    // First, because it also says of a torn line before it that nobody has to mind.
    emit(resumptionOf(resumed, prepared.plan));
    for (const warning of resumeWarnings(prepared, resumed)) emit(warning);
  } else {
    emit(startOf(prepared));
    for (const { code, message } of [...model.notes, ...data.notes])
      emit({ type: 'warning', time: Date.now(), code, message });
  }
}

async function carryOut(
  prepared: Prepared,
  writer: RunWriter,
  session: Session,
  emit: (event: RunEvent) => void,
): Promise<'finished' | 'stopped'> {
  const { executor, model, phases, data, frozen, resumed } = prepared;
  const recorder = recorderOf(prepared, writer.folder, emit);
  const watch = new DataWatch(prepared.dataFiles, emit);
  const fit = new Fit(prepared, {
    emit,
    control: session.control,
    recorder,
    betweenEpochs: () => watch.look(() => performance.now()),
    ...(resumed && { from: resumed.checkpoint }),
  });
  const finished = await fit.run();
  const changed = await frozen.changed(executor);
  if (changed.length > 0) {
    emit({
      type: 'warning',
      time: Date.now(),
      code: 'FROZEN_CHANGED',
      message: t('frozen weights are not what they were: {0}; please report this', changed.join(', ')),
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
  // Not before the end is told: a kill in between would leave a run that is neither done nor to be gone on with.
  if (finished) await recorder.finish();
  return status;
}

function recorderOf(prepared: Prepared, run: string, emit: (event: RunEvent) => void): Recorder {
  const { executor, phases, model, data, plan, resumed } = prepared;
  const trained = phases.flatMap(({ graph }) => graph.layers.filter((layer) => layer.trainable));
  const recorder = new Recorder({
    run,
    graph: phases.at(-1)?.graph ?? model.graph,
    labels: data.classes,
    executor,
    trained: new Set(trained.map(({ name }) => name)),
    ...(plan.checkpoint && { plan: plan.checkpoint }),
    emit,
  });
  if (resumed) recorder.continuesFrom(resumed.checkpoint.name);
  return recorder;
}

function resumptionOf({ checkpoint: { name, state }, lastEpochs }: Resumable, plan: Plan): RunEvent {
  const { epoch, step } = state;
  return {
    ...{ type: 'resumed', time: Date.now(), epoch, step },
    checkpoint: `${RUN_FILES.checkpoints}/${name}`,
    // Of phases that ended early there are fewer than planned: what is done counts.
    ...(lastEpochs !== undefined && { epochs: epochsFrom(state, plan) }),
  };
}

/** How many epochs a run has in all that stands there. */
function epochsFrom(
  { phase, phaseEpochs, epoch }: Resumable['checkpoint']['state'],
  { phases }: Plan,
): number {
  return phases.slice(phase).reduce((sum, { epochs }) => sum + epochs, epoch - phaseEpochs);
}

/** What people should know of the checkpoint and the engine that a run goes on with. */
function resumeWarnings({ engine }: Prepared, { passedOver, inputs }: Resumable): readonly RunEvent[] {
  const warning = (code: string, message: string) => ({
    ...{ type: 'warning' as const, time: Date.now(), code, message },
  });
  const broken = passedOver.map(({ message }) =>
    warning('CHECKPOINT_BROKEN', t('a newer checkpoint is not whole and was passed over: {0}', message)),
  );
  if (engine.device === inputs.device) return broken;
  const message = t(
    'the run began on {0} and goes on on {1}: its numbers may differ from there on',
    inputs.device,
    engine.device,
  );
  return [...broken, warning('DEVICE_CHANGED', message)];
}

/** @param after when the last event of the run that goes on was told */
function emitter(writer: RunWriter, session: Session, after?: number): (event: RunEvent) => RunEvent {
  const clock = new RunClock({ after });
  return (told) => {
    const event = { ...told, time: clock.timeOf(told.time) };
    writer.append(event);
    const line = logLine(event);
    if (line !== undefined) writer.log(line);
    session.send({ type: 'event', event });
    return event;
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
