import * as vscode from 'vscode';
import type { Plan } from '../core/plan/plan';
import type { EditorCommand, EditorToHost, HostToEditor, TrainingForm } from '../protocol/editor';
import { formProblem } from '../protocol/formPlan';
import { stageCount } from '../protocol/stageCount';
import { formOfPlan } from './formOfPlan';
import { asFailure, type Messages } from './messages';
import type { ModelDocument } from './modelDocument';
import { trainingData } from './namedPaths';
import type { OutsidePaths } from './outsidePaths';
import type { RunRegistry } from './runRegistry';
import { siblingOf } from './siblingFiles';
import type { Training } from './training';
import { datasetOf, type TrainingForms } from './trainingForm';
import { t } from '../l10n/translate';

type Asked = Extract<EditorToHost, { readonly type: 'browseDataset' | 'training' | 'train' | 'showPlan' }>;

export interface SessionTrainingServices {
  readonly messages: Messages;
  readonly registry: RunRegistry;
  readonly training: Training;
  readonly forms: TrainingForms;
  readonly outside: OutsidePaths;
}

/** What one editor tab trains with: its form, the images that it names, and what is wrong with the plan that it means. */
export class SessionTraining implements vscode.Disposable {
  private form?: TrainingForm;
  private running = false;
  /** The training form is to be opened as soon as there is a page. */
  private opens = false;
  /** What the page has been told of its form. */
  private planProblem: string | null = null;
  private readonly listening: vscode.Disposable;

  constructor(
    private readonly document: ModelDocument,
    private readonly services: SessionTrainingServices,
    private readonly post: (message: HostToEditor) => void,
    private readonly carryOut: (command: EditorCommand) => void,
  ) {
    this.listening = services.registry.onDidChange(() => {
      if (this.running !== this.isRunning()) void this.tell();
    });
  }

  async receive(message: Asked): Promise<void> {
    switch (message.type) {
      case 'browseDataset':
        return this.browseDataset();
      case 'training':
        return this.remember(message.form);
      case 'train':
        await this.remember(message.form);
        return this.train(message.form);
      case 'showPlan':
        await this.remember(message.form);
        return this.services.training.showPlan(this.document, message.form);
    }
  }

  /** A new page: it knows nothing yet. */
  async welcome(): Promise<void> {
    this.planProblem = null;
    return this.opens ? this.open() : this.tell();
  }

  /**
   * Fills the form with what a plan says, and opens it once there is a page.
   * @returns whether a form can say that
   */
  async fill(plan: Plan, pageIsThere: () => boolean): Promise<boolean> {
    await this.document.opened;
    if (this.document.state.kind !== 'open') return false;
    const form = formOfPlan(plan, stageCount(this.document.model.view));
    if (!form) return false;
    await this.remember(form);
    this.opens = true;
    if (pageIsThere()) await this.open();
    return true;
  }

  /** Saves what the form would train, and gives back its plan. @throws Failure where it cannot be trained */
  async planFile(): Promise<string> {
    await this.document.opened;
    const form = this.form ?? (await this.remembered());
    return this.services.training.planFile(this.document, form);
  }

  dispose(): void {
    this.listening.dispose();
  }

  private async train(form: TrainingForm): Promise<void> {
    try {
      await this.services.training.start(this.document, form);
    } catch (error) {
      const untrusted = asFailure(error).code === 'UNTRUSTED';
      const manage = t('Manage Workspace Trust');
      const answer = await this.services.messages.error(error, ...(untrusted ? [manage] : []));
      if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    }
  }

  private remembered(): Promise<TrainingForm> {
    const { state } = this.document;
    const backbone = state.kind === 'open' ? state.model.view.backbone : undefined;
    return this.services.forms.formOf(this.modelPath, backbone);
  }

  private async browseDataset(): Promise<void> {
    const form = this.form ?? (await this.remembered());
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFolders: true,
        canSelectFiles: false,
        title: t('Images to train on: a folder for each class'),
        openLabel: t('Choose'),
        ...(form.dataFolder !== '' && { defaultUri: vscode.Uri.file(form.dataFolder) }),
      })) ?? [];
    if (!folder) return;
    await this.services.outside.choose(folder.fsPath);
    await this.remember({ ...form, dataFolder: folder.fsPath });
  }

  /** The page has what it sent; it is answered only when its dataset is another. */
  private async remember(form: TrainingForm): Promise<void> {
    const sameFolder = form.dataFolder === this.form?.dataFolder;
    if (!sameFolder && form.dataFolder !== '')
      await this.services.outside.allow([trainingData(form.dataFolder)], this.planPath);
    this.form = form;
    await this.services.forms.remember(this.modelPath, form);
    if (!sameFolder) await this.tell();
    this.tellProblem(form);
  }

  private tellProblem(form: TrainingForm): void {
    const problem = formProblem(form, stageCount(this.document.model.view));
    if (problem === this.planProblem) return;
    this.planProblem = problem;
    this.post({ type: 'planProblem', problem });
  }

  private async tell(): Promise<void> {
    await this.document.opened;
    if (this.document.state.kind !== 'open') return;
    this.form ??= await this.remembered();
    const { form } = this;
    const mayLook = await this.services.outside.isAllowed(trainingData(form.dataFolder), this.planPath);
    const dataset = mayLook ? await datasetOf(form) : null;
    if (form !== this.form) return;
    this.running = this.isRunning();
    this.post({ type: 'training', form, dataset, running: this.running });
    this.tellProblem(form);
  }

  private async open(): Promise<void> {
    this.opens = false;
    await this.tell();
    this.carryOut('train');
  }

  private isRunning(): boolean {
    return this.document.state.kind === 'open' && this.services.training.isRunning(this.modelPath);
  }

  /** Beside the model, where the form would be written. */
  private get planPath(): string {
    return siblingOf(this.modelPath, 'plan');
  }

  private get modelPath(): string {
    return this.document.model.base.path;
  }
}
