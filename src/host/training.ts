import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { refuseWeightsOnly } from '../formats/operatedModel';
import { writePlan } from '../formats/planFile';
import type { TrainingForm } from '../protocol/editor';
import type { FromTrainer } from '../protocol/trainer';
import type { TrainerProcess } from '../trainer/client';
import type { Messages } from './messages';
import type { ModelDocument } from './modelDocument';
import { planOf } from './planOf';
import type { RunPanel } from './runPanel';
import { resultOf } from './runProgress';
import type { RunEnded, RunRegistry } from './runRegistry';
import { siblingOf } from './siblingFiles';
import { startTrainerOf } from './trainerStart';

/** Turns the training form into a plan beside the model, and starts a trainer on it that outlives this window. */
export class Training implements vscode.Disposable {
  private readonly starting = new Set<string>();
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly registry: RunRegistry,
    private readonly panel: RunPanel,
    private readonly messages: Messages,
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
    const { base } = document.model;
    if (this.starting.has(base.path)) return;
    this.starting.add(base.path);
    try {
      requireTrust();
      requireTrainable(document, form);
      await saveRecipe(document);
      const planPath = siblingOf(base.path, 'plan');
      const recipePath = document.hasRecipe ? document.recipePath : undefined;
      await writePlan(
        planPath,
        planOf({ planPath, modelPath: base.path, form, ...(recipePath !== undefined && { recipePath }) }),
      );
      await this.runOnWhatIsAllowed(planPath);
    } finally {
      this.starting.delete(base.path);
    }
  }

  dispose(): void {
    this.listening.dispose();
  }

  /** Asks before an engine for graphics cards computes without one, where the settings do not allow it. */
  private async runOnWhatIsAllowed(plan: string): Promise<void> {
    const run = (allowCpu: boolean) =>
      vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: 'Starting the training' },
        () => this.run(plan, allowCpu),
      );
    try {
      await run(vscode.workspace.getConfiguration('modelSurgery').get('allowCpu', false));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'ENGINE_ON_CPU') throw error;
      const onProcessor = 'Train on the Processor';
      if ((await this.messages.error(error, onProcessor)) === onProcessor) await run(true);
    }
  }

  private async run(plan: string, allowCpu: boolean): Promise<void> {
    const engine = vscode.workspace.getConfiguration('modelSurgery').get('engine', 'auto');
    this.messages.log.info(`training ${plan} on the engine "${engine}"`);
    const trainer = await startTrainerOf(
      this.extension,
      { type: 'train', plan, ...(engine !== 'auto' && { engine }), ...(allowCpu && { allowCpu }) },
      { detached: true },
    );
    const folder = await runFolderOf(trainer);
    trainer.onMessage((message) => {
      if (message.type === 'failed') this.messages.log.error(`${message.code}: ${message.message}`);
    });
    void trainer.exited.then((exit) => {
      this.messages.log.info(`trainer ${trainer.pid} ended: code ${exit.code}, signal ${exit.signal}`);
      if (trainer.log() !== '') this.messages.log.info(trainer.log());
    });
    await this.registry.add(folder, trainer);
    await this.panel.show(folder);
    await this.panel.reveal();
  }

  private async announce({ run, status }: RunEnded): Promise<void> {
    if (status === 'finished') {
      const result = resultOf(run.events);
      const open = 'Open Result';
      const answer = await vscode.window.showInformationMessage(
        `Training ${run.name} finished${result && `: ${result}`}.`,
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
            `the training ${run.name} ended without a word; its log is ${path.join(run.id, 'log.txt')}`,
        ),
      );
    }
  }
}

export function requireTrust(): void {
  if (vscode.workspace.isTrusted) return;
  throw new Failure(
    'usage',
    'UNTRUSTED',
    'training starts a process, which this workspace is not trusted with; trust the workspace to train in it',
  );
}

function requireTrainable(document: ModelDocument, form: TrainingForm): void {
  refuseWeightsOnly(document.model.base);
  const [fault, ...others] = document.model.errors;
  if (fault) {
    const more = others.length > 0 ? ` (and ${others.length} more)` : '';
    throw new Failure('input', fault.code, `the model cannot be trained: ${fault.message}${more}`);
  }
  if (form.dataFolder !== '') return;
  throw new Failure('usage', 'NO_DATA', 'no image folder is chosen; choose one with a folder for each class');
}

/** A plan names files, so what is trained is what is saved. */
async function saveRecipe(document: ModelDocument): Promise<void> {
  if (!document.isDirty) return;
  await vscode.workspace.save(document.uri);
  if (document.isDirty) {
    throw new Failure(
      'work',
      'NOT_SAVED',
      `the recipe of ${document.fileName} could not be saved; training needs it`,
    );
  }
  vscode.window.setStatusBarMessage(`Saved ${path.basename(document.recipePath)} to train from it`, 5000);
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
