import * as vscode from 'vscode';
import { stepAt } from '../core/surgery/recipeUpTo';
import { WeightInspector } from '../formats/inspection/weightInspector';
import {
  type Edit,
  type EditorCommand,
  type EditorToHost,
  type HostToEditor,
  type ModelView,
  type TrainingForm,
} from '../protocol/editor';
import { formProblem } from '../protocol/formPlan';
import { kindViews } from '../protocol/kindViews';
import { changeOf } from '../protocol/modelChange';
import { modelMessage } from '../protocol/packedModel';
import { stageCount } from '../protocol/stageCount';
import { BaseView } from './baseView';
import { DonorChoice } from './donorChoice';
import { donorSources } from './donorSources';
import { EditPreview } from './editPreview';
import { exportDocument } from './exportDocument';
import type { Plan } from '../core/plan/plan';
import type { Heads } from './heads';
import { layersBeforeRun } from './layersBeforeRun';
import { asFailure, type Messages } from './messages';
import type { ModelDocument } from './modelDocument';
import type { RunRegistry } from './runRegistry';
import type { Training } from './training';
import { editorMessages } from './pageMessages/editorMessages';
import { readMessage } from './pageMessages/readMessage';
import { refusalOf } from './pageMessages/refusal';
import { savePageFile } from './savePageFile';
import { summaryText } from './summaryText';
import { datasetOf, type TrainingForms } from './trainingForm';
import { formOfPlan } from './formOfPlan';
import { Turns } from './turns';
import { WeightInspection } from './weightInspection';

export interface EditorServices {
  /** Where the extension is installed. */
  readonly extension: vscode.Uri;
  readonly messages: Messages;
  readonly registry: RunRegistry;
  readonly training: Training;
  readonly forms: TrainingForms;
  readonly heads: Heads;
}

/** One editor tab: what its page says, and what it is told. Several may show the same document. */
export class EditorSession implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private form?: TrainingForm;
  private running = false;
  private pageIsThere = false;
  private asked: EditorCommand | undefined;
  /** The training form is to be opened as soon as there is a page. */
  private opensTraining = false;
  /** What the page has been told of its form. */
  private planProblem: string | null = null;
  /** The view that the page has. */
  private shown?: ModelView;
  /** VS Code refuses an undo while another goes on, and one right after an edit is of that edit. */
  private readonly history = new Turns();
  private readonly inspection: WeightInspection;
  private readonly preview: EditPreview;
  private readonly base: BaseView;
  private readonly donors: DonorChoice;

  constructor(
    readonly document: ModelDocument,
    readonly panel: vscode.WebviewPanel,
    private readonly services: EditorServices,
  ) {
    this.inspection = new WeightInspection(
      () => this.document.model.graph,
      (message) => this.post(message),
      new WeightInspector(vscode.Uri.joinPath(services.extension, 'dist', 'weights.js').fsPath),
      () => layersBeforeRun(document.uri.fsPath),
    );
    this.base = new BaseView(
      () => (document.state.kind === 'open' ? document.model.base : undefined),
      (message) => this.post(message),
    );
    this.preview = new EditPreview(
      (edit) => this.document.tryOut(edit),
      (message) => this.post(message),
      () => this.shown,
      ({ recipe }, at) => this.document.aroundStep(recipe, at),
    );
    this.donors = new DonorChoice(donorSources(document), (message) => this.post(message));
    this.subscriptions = [
      this.inspection,
      panel.webview.onDidReceiveMessage((posted: unknown) => {
        this.take(posted).catch((error: unknown) => this.services.messages.error(error));
      }),
      document.onDidChange(() => {
        this.postDocument();
        this.carryOutAsked();
        this.base.follow();
      }),
      services.registry.onDidChange(() => {
        if (this.running !== this.isRunning()) void this.postTraining();
      }),
    ];
  }

  /** A command of the palette, a menu or a key, carried out by the page on its selection. */
  carryOut(command: EditorCommand): void {
    this.post({ type: 'command', command });
  }

  /**
   * Fills the training form with what a plan says, and opens it.
   * @returns whether a form can say that
   */
  async fillTraining(plan: Plan): Promise<boolean> {
    await this.document.opened;
    if (this.document.state.kind !== 'open') return false;
    const form = formOfPlan(plan, stageCount(this.document.model.view));
    if (!form) return false;
    await this.rememberForm(form);
    this.opensTraining = true;
    if (this.pageIsThere) await this.openTraining();
    return true;
  }

  /** A command of something that has opened the editor: carried out once the page has the model. */
  carryOutOnceOpen(command: EditorCommand): void {
    this.asked = command;
    this.carryOutAsked();
  }

  private carryOutAsked(): void {
    if (!this.asked || !this.pageIsThere || this.document.state.kind !== 'open') return;
    this.carryOut(this.asked);
    this.asked = undefined;
  }

  /** Saves what the form would train, and gives back its plan. @throws Failure where it cannot be trained */
  async planFile(): Promise<string> {
    await this.document.opened;
    const form = this.form ?? (await this.rememberedForm());
    return this.services.training.planFile(this.document, form);
  }

  dispose(): void {
    this.donors.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Carries out what the page asks, once it is something that can be asked; else says what is wrong with it. */
  private async take(posted: unknown): Promise<void> {
    let message: EditorToHost;
    try {
      message = readMessage(editorMessages, posted);
    } catch (error) {
      return this.post(refusalOf(posted, asFailure(error)));
    }
    return this.receive(message);
  }

  private async receive(message: EditorToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        // A new page: it knows nothing yet.
        this.shown = undefined;
        this.planProblem = null;
        this.pageIsThere = true;
        this.postDocument();
        this.carryOutAsked();
        return this.opensTraining ? this.openTraining() : this.postTraining();
      case 'edit':
        return this.history.take(() => this.edit(message.edit));
      case 'preview':
        return this.preview.ask(message);
      case 'openModels':
      case 'openDonor':
      case 'closeDonor':
        return this.donors.receive(message);
      case 'step':
        return this.postStep(message.at);
      case 'kinds':
        return this.post({ type: 'kinds', kinds: kindViews() });
      case 'heads':
      case 'rememberHead':
        return this.services.heads.receive(message, (answer) => this.post(answer));
      case 'undo':
      case 'redo':
        return this.history.take(() => vscode.commands.executeCommand(message.type));
      case 'browseDataset':
        return this.browseDataset();
      case 'training':
        return this.rememberForm(message.form);
      case 'train':
        await this.rememberForm(message.form);
        return this.train(message.form);
      case 'showPlan':
        await this.rememberForm(message.form);
        return this.services.training.showPlan(this.document, message.form);
      case 'summary':
        return this.post({ type: 'summary', text: summaryText(this.document.model, message.layers) });
      case 'base':
        return this.base.ask();
      case 'saveFile':
        return savePageFile(this.modelPath, message, this.services.messages);
      case 'inspect':
      case 'filters':
      case 'measureSpreads':
        return this.inspection.receive(message);
      case 'export':
        return exportDocument(this.document, this.services.messages);
      case 'showRuns':
        return vscode.commands.executeCommand('modelSurgery.showRuns');
      case 'copy':
        return vscode.env.clipboard.writeText(message.text);
    }
  }

  private async edit(edit: Edit): Promise<void> {
    await this.orRefused(() => this.document.edit(edit));
    // VS Code puts an edit on its stack a moment after it has heard of it, and an undo before that would undo nothing.
    // What it is asked now it answers later than that.
    await vscode.commands.executeCommand('setContext', 'modelSurgery.edited', true);
  }

  private postStep(at: number): Promise<void> {
    return this.orRefused(() => {
      const { recipe } = this.document.model;
      const { before } = this.document.aroundStep(recipe, at);
      this.post({ type: 'step', at, operation: stepAt(recipe, at), model: before });
    });
  }

  private async orRefused(attempt: () => void | Promise<void>): Promise<void> {
    try {
      await attempt();
    } catch (error) {
      const { code, message, layer } = asFailure(error);
      this.services.messages.log.info(`refused: ${code}: ${message}`);
      this.post({ type: 'refused', code, message, ...(layer !== undefined && { layer }) });
    }
  }

  private async train(form: TrainingForm): Promise<void> {
    try {
      await this.services.training.start(this.document, form);
    } catch (error) {
      const untrusted = asFailure(error).code === 'UNTRUSTED';
      const manage = 'Manage Workspace Trust';
      const answer = await this.services.messages.error(error, ...(untrusted ? [manage] : []));
      if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
    }
  }

  private rememberedForm(): Promise<TrainingForm> {
    const { state } = this.document;
    const backbone = state.kind === 'open' ? state.model.view.backbone : undefined;
    return this.services.forms.formOf(this.modelPath, backbone);
  }

  private async browseDataset(): Promise<void> {
    const form = this.form ?? (await this.rememberedForm());
    const [folder] =
      (await vscode.window.showOpenDialog({
        canSelectFolders: true,
        canSelectFiles: false,
        title: 'Images to train on: a folder for each class',
        openLabel: 'Choose',
        ...(form.dataFolder !== '' && { defaultUri: vscode.Uri.file(form.dataFolder) }),
      })) ?? [];
    if (folder) await this.rememberForm({ ...form, dataFolder: folder.fsPath });
  }

  /** The page has what it sent; it is answered only when its dataset is another. */
  private async rememberForm(form: TrainingForm): Promise<void> {
    const sameFolder = form.dataFolder === this.form?.dataFolder;
    this.form = form;
    await this.services.forms.remember(this.modelPath, form);
    if (!sameFolder) await this.postTraining();
    this.postPlanProblem(form);
  }

  private postPlanProblem(form: TrainingForm): void {
    const problem = formProblem(form, stageCount(this.document.model.view));
    if (problem === this.planProblem) return;
    this.planProblem = problem;
    this.post({ type: 'planProblem', problem });
  }

  private async postTraining(): Promise<void> {
    await this.document.opened;
    if (this.document.state.kind !== 'open') return;
    this.form ??= await this.rememberedForm();
    const { form } = this;
    const dataset = await datasetOf(form);
    if (form !== this.form) return;
    this.running = this.isRunning();
    this.post({ type: 'training', form, dataset, running: this.running });
    this.postPlanProblem(form);
  }

  private async openTraining(): Promise<void> {
    this.opensTraining = false;
    await this.postTraining();
    this.carryOut('train');
  }

  private postDocument(): void {
    const { state, fileName } = this.document;
    const before = this.shown;
    this.shown = state.kind === 'open' ? state.model.view : undefined;
    switch (state.kind) {
      case 'loading':
        return this.post({ type: 'loading', file: fileName });
      case 'unreadable':
        return this.post({ type: 'unreadable', code: state.failure.code, message: state.failure.message });
      case 'open':
        return this.post(
          before
            ? { type: 'modelChange', change: changeOf(before, state.model.view) }
            : modelMessage(state.model.view),
        );
    }
  }

  private isRunning(): boolean {
    return this.document.state.kind === 'open' && this.services.training.isRunning(this.modelPath);
  }

  private get modelPath(): string {
    return this.document.model.base.path;
  }

  private post(message: HostToEditor): void {
    void this.panel.webview.postMessage(message);
  }
}
