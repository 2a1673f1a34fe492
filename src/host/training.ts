import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { parsePlan } from '../core/plan/parsePlan';
import { refuseWeightsOnly } from '../formats/refuseWeightsOnly';
import { readPlan, writePlan } from '../formats/planFile';
import type { Plan } from '../core/plan/plan';
import type { TrainingForm } from '../protocol/editor';
import type { FromTrainer, TrainRequest } from '../protocol/trainer';
import { RUN_FILES } from '../runs/runFolder';
import type { TrainerProcess } from '../trainer/client';
import { askEpochs } from './askEpochs';
import { longerRequest } from './longerRequest';
import type { Messages } from './messages';
import type { ModelDocument } from './modelDocument';
import type { OutsidePaths } from './outsidePaths';
import { planOf } from './planOf';
import { planSourceOf } from './planSource';
import { requireTrust } from './requireTrust';
import type { RunPanel } from './runPanel';
import { resultOf } from './runProgress';
import type { RunEnded, RunRegistry } from './runRegistry';
import { startTrainerOf } from './trainerStart';
import { t } from '../l10n/translate';

export interface StartedRun {
  readonly folder: string;
  /** Resolves when its process has gone, with why where it failed. */
  readonly ended: Promise<Failure | undefined>;
}

interface HowStarted {
  /** Its series tells of its end. */
  readonly inSeries: boolean;
  /** The panel, which shows it, comes to the front. */
  readonly reveal: boolean;
}

/** Turns the training form into a plan beside the model, and starts a trainer on it that outlives this window. */
export class Training implements vscode.Disposable {
  private readonly starting = new Set<string>();
  /** Plans of which a series is being trained, or asked about. */
  private readonly series = new Set<string>();
  /** Live runs of which their series tells. */
  private readonly inSeries = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly registry: RunRegistry,
    private readonly panel: RunPanel,
    private readonly messages: Messages,
    private readonly outside: OutsidePaths,
  ) {
    this.listening = registry.onDidEnd((ended) => void this.announce(ended));
  }

  /** Whether a run of this model is going on. */
  isRunning(modelPath: string): boolean {
    return this.registry.active.some(
      (run) => run.plan !== undefined && path.resolve(run.id, run.plan.model) === modelPath,
    );
  }

  /**
   * Resolves when the run has its folder and is on screen.
   * @throws Failure when nothing could be started
   */
  async start(document: ModelDocument, form: TrainingForm): Promise<void> {
    await this.startOnce(document.model.base.path, async () => ({
      type: 'train',
      plan: await this.planFile(document, form),
    }));
  }

  /**
   * Saves what is to be trained: the recipe, and the plan that a form means.
   * @throws Failure where it cannot be trained
   */
  async planFile(document: ModelDocument, form: TrainingForm): Promise<string> {
    requireTrust();
    requireTrainable(document, form);
    await saveRecipe(document);
    return writePlanOf(document, form);
  }

  /**
   * Has a series of runs of a plan trained, one such series at a time: two would train the same beside each other.
   * @throws Failure of kind `usage` where one is under way; what `train` throws
   */
  async trainSeries(plan: string, train: () => Promise<void>): Promise<void> {
    if (this.series.has(plan)) {
      throw new Failure(
        'usage',
        'SWEEP_GOES_ON',
        t(
          '{0}: a sweep of this plan is going on; wait for its last run, or cancel it first',
          path.basename(plan),
        ),
        {
          path: plan,
        },
      );
    }
    this.series.add(plan);
    try {
      await train();
    } finally {
      this.series.delete(plan);
    }
  }

  /**
   * Starts one run of a series, and shows it; nobody is told when it ends.
   * @param options `reveal`: whether it brings the panel to the front
   * @returns `undefined` where people would not have it on the processor
   * @throws Failure when nothing could be started
   */
  async startInSeries(
    plan: string,
    { reveal }: { readonly reveal: boolean },
  ): Promise<StartedRun | undefined> {
    return this.runOnWhatIsAllowed({ type: 'train', plan }, { inSeries: true, reveal });
  }

  /** Resolves when a run of a series that an earlier window has started is over; nobody is told of its end either. */
  async endInSeries(folder: string): Promise<void> {
    const { registry } = this;
    if (!registry.active.some((run) => run.id === folder)) return;
    this.inSeries.add(folder);
    await new Promise<void>((resolve) => {
      const listening = registry.onDidEnd(({ run }) => {
        if (run.id !== folder) return;
        listening.dispose();
        resolve();
      });
    });
  }

  /**
   * Trains as a plan file says, whatever wrote it.
   * @throws Failure when it is no plan, or nothing could be started
   */
  async startPlan(plan: vscode.Uri): Promise<void> {
    await this.startOnce(plan.fsPath, async () => {
      await this.savedPlan(plan);
      return { type: 'train', plan: plan.fsPath };
    });
  }

  /** What is trained is what is saved. @throws Failure when it is no plan */
  async savedPlan(plan: vscode.Uri): Promise<Plan> {
    requireTrust();
    const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === plan.fsPath);
    if (open?.isDirty) await open.save();
    await this.allow(plan.fsPath);
    return readPlan(plan.fsPath);
  }

  /** Asks about what a plan names outside of the workspace. @throws Failure where it may not be read */
  allow(plan: string): Promise<void> {
    return this.outside.allowPlan(plan);
  }

  /**
   * Goes on with a run from its newest checkpoint, in its folder and on its engine.
   * @throws Failure when it cannot
   */
  async resume(run: string): Promise<void> {
    await this.startOnce(run, () => {
      requireTrust();
      return { type: 'train', plan: path.join(run, RUN_FILES.plan), resume: run };
    });
  }

  /**
   * Trains a run that is over for more epochs, after asking how many.
   * @throws Failure when it cannot
   */
  async trainLonger(run: string): Promise<void> {
    requireTrust();
    const epochs = await askEpochs(run);
    if (epochs === undefined) return;
    await this.startOnce(run, () => longerRequest(run, epochs, () => this.registry.resultOf(run)));
  }

  /** Writes the plan that a form means, and shows it beside the model. */
  async showPlan(document: ModelDocument, form: TrainingForm): Promise<void> {
    const plan = await writePlanOf(document, form);
    await vscode.window.showTextDocument(vscode.Uri.file(plan), { viewColumn: vscode.ViewColumn.Beside });
  }

  dispose(): void {
    this.listening.dispose();
  }

  /** A second click while the first is being answered starts nothing. */
  private async startOnce(what: string, prepare: () => TrainRequest | Promise<TrainRequest>): Promise<void> {
    if (this.starting.has(what)) return;
    this.starting.add(what);
    try {
      await this.runOnWhatIsAllowed(await prepare());
    } finally {
      this.starting.delete(what);
    }
  }

  /** Asks before an engine for graphics cards computes without one, where the settings do not allow it. */
  private async runOnWhatIsAllowed(
    request: TrainRequest,
    how: HowStarted = { inSeries: false, reveal: true },
  ): Promise<StartedRun | undefined> {
    const run = async (allowCpu: boolean) =>
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: t('Starting the training') },
        () => this.run({ ...request, ...(allowCpu && { allowCpu }) }, how),
      );
    try {
      return await run(vscode.workspace.getConfiguration('modelSurgery').get('allowCpu', false));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'ENGINE_ON_CPU') throw error;
      const onProcessor = t('Train on the Processor');
      const answer = await this.messages.error(error, onProcessor);
      return answer === onProcessor ? run(true) : undefined;
    }
  }

  private async run(request: TrainRequest, { inSeries, reveal }: HowStarted): Promise<StartedRun> {
    const chosen = vscode.workspace.getConfiguration('modelSurgery').get('engine', 'auto');
    // A run goes on with the engine that it began on.
    const engine = chosen === 'auto' || request.resume !== undefined ? undefined : chosen;
    this.messages.log.info(`training ${request.plan} on the engine "${engine ?? 'auto'}"`);
    const trainer = await startTrainerOf(
      { extension: this.extension, outside: this.outside },
      { ...request, ...(engine !== undefined && { engine }) },
      { detached: true },
    );
    const folder = await runFolderOf(trainer);
    if (inSeries) this.inSeries.add(folder);
    let failure: Failure | undefined;
    trainer.onMessage((message) => {
      if (message.type !== 'failed') return;
      failure = failureOf(message);
      this.messages.log.error(`${message.code}: ${message.message}`);
    });
    void trainer.exited.then((exit) => {
      this.messages.log.info(`trainer ${trainer.pid} ended: code ${exit.code}, signal ${exit.signal}`);
      if (trainer.log() !== '') this.messages.log.info(trainer.log());
    });
    await this.registry.add(folder, trainer);
    await this.panel.show(folder);
    if (reveal) await this.panel.reveal();
    return { folder, ended: trainer.exited.then(() => failure) };
  }

  private async announce({ run, status }: RunEnded): Promise<void> {
    if (this.inSeries.delete(run.id)) return;
    if (status === 'finished') {
      const result = resultOf(run.events);
      const open = t('Open Result');
      const answer = await vscode.window.showInformationMessage(
        result === ''
          ? t('Training {0} finished.', run.name)
          : t('Training {0} finished: {1}.', run.name, result),
        open,
      );
      if (answer === open) await vscode.commands.executeCommand('modelSurgery.openResult', run.id);
    } else if (status !== 'stopped') {
      const end = run.events.at(-1);
      const why = end?.type === 'end' ? end.error : undefined;
      await this.messages.error(
        new Failure(
          'work',
          why?.code ?? 'RUN_LOST',
          why?.message ??
            t(
              'the training {0} ended without a word; its log is {1}',
              run.name,
              path.join(run.id, 'log.txt'),
            ),
        ),
      );
    }
  }
}

/** Writes the plan beside the model. @throws Failure of kind `input` with all that is wrong with it */
async function writePlanOf(document: ModelDocument, form: TrainingForm): Promise<string> {
  const source = planSourceOf(document, form);
  const plan = planOf(source);
  parsePlan(plan);
  await writePlan(source.planPath, plan);
  return source.planPath;
}

function requireTrainable(document: ModelDocument, form: TrainingForm): void {
  refuseWeightsOnly(document.model.base);
  const [fault, ...others] = document.model.errors;
  if (fault) {
    const message =
      others.length > 0
        ? t('the model cannot be trained: {0} (and {1} more)', fault.message, others.length)
        : t('the model cannot be trained: {0}', fault.message);
    throw new Failure('input', fault.code, message);
  }
  if (form.dataFolder !== '') return;
  throw new Failure(
    'usage',
    'NO_DATA',
    t('no image folder is chosen; choose one with a folder for each class'),
  );
}

/** A plan names files, so what is trained is what is saved. */
async function saveRecipe(document: ModelDocument): Promise<void> {
  if (!document.isDirty) return;
  await vscode.workspace.save(document.uri);
  if (document.isDirty) {
    throw new Failure(
      'work',
      'NOT_SAVED',
      t('the recipe of {0} could not be saved; training needs it', document.fileName),
    );
  }
  vscode.window.setStatusBarMessage(
    t('Saved {0} to train from it', path.basename(document.recipePath)),
    5000,
  );
}

/** The run's folder, once the trainer has made it. @throws Failure when it ends before that */
function runFolderOf(trainer: TrainerProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const stopListening = trainer.onMessage((message: FromTrainer) => {
      if (message.type === 'run') resolve(message.folder);
      else if (message.type === 'failed') reject(failureOf(message));
      else return;
      // The first message may come within this very call.
      queueMicrotask(() => stopListening());
    });
  });
}

function failureOf({
  kind,
  code,
  message,
  path: file,
  layer,
}: Extract<FromTrainer, { type: 'failed' }>): Failure {
  return new Failure(kind, code, message, {
    ...(file !== undefined && { path: file }),
    ...(layer !== undefined && { layer }),
  });
}
