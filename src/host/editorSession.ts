import * as vscode from 'vscode';
import { stepAt } from '../core/surgery/recipeUpTo';
import { WeightInspector } from '../formats/inspection/weightInspector';
import {
  type Edit,
  type EditorCommand,
  type EditorToHost,
  type HostToEditor,
  type ModelView,
} from '../protocol/editor';
import { kindViews } from '../protocol/kindViews';
import { changeOf } from '../protocol/modelChange';
import { modelMessage } from '../protocol/packedModel';
import { BaseView } from './baseView';
import { DonorChoice } from './donorChoice';
import { donorSources } from './donorSources';
import { EditPreview } from './editPreview';
import { exportDocument } from './exportDocument';
import type { Plan } from '../core/plan/plan';
import type { Heads } from './heads';
import { layersBeforeRun } from './layersBeforeRun';
import { asFailure } from './messages';
import type { ModelDocument } from './modelDocument';
import { editorMessages } from './pageMessages/editorMessages';
import { readMessage } from './pageMessages/readMessage';
import { refusalOf } from './pageMessages/refusal';
import { savePageFile } from './savePageFile';
import { summaryText } from './summaryText';
import { SessionTraining, type SessionTrainingServices } from './sessionTraining';
import { Turns } from './turns';
import { WeightInspection } from './weightInspection';

export interface EditorServices extends SessionTrainingServices {
  /** Where the extension is installed. */
  readonly extension: vscode.Uri;
  /** The folder that unsaved edits are kept in. */
  readonly journals: string;
  readonly heads: Heads;
}

/** One editor tab: what its page says, and what it is told. Several may show the same document. */
export class EditorSession implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private pageIsThere = false;
  private asked: EditorCommand | undefined;
  /** The view that the page has. */
  private shown?: ModelView;
  /** VS Code refuses an undo while another goes on, and one right after an edit is of that edit. */
  private readonly history = new Turns();
  private readonly inspection: WeightInspection;
  private readonly preview: EditPreview;
  private readonly base: BaseView;
  private readonly donors: DonorChoice;
  private readonly training: SessionTraining;

  constructor(
    readonly document: ModelDocument,
    readonly panel: vscode.WebviewPanel,
    private readonly services: EditorServices,
  ) {
    this.inspection = new WeightInspection(
      () => this.document.model.graph,
      (message) => this.post(message),
      new WeightInspector(vscode.Uri.joinPath(services.extension, 'dist', 'weights.js').fsPath),
      () => layersBeforeRun(document.uri.fsPath, (plan) => services.outside.allowPlan(plan, 'model')),
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
    this.donors = new DonorChoice(donorSources(document, services.outside), (message) => this.post(message));
    this.training = new SessionTraining(
      document,
      services,
      (message) => this.post(message),
      (command) => this.carryOut(command),
    );
    this.subscriptions = [
      this.inspection,
      this.training,
      panel.webview.onDidReceiveMessage((posted: unknown) => {
        this.take(posted).catch((error: unknown) => this.services.messages.error(error));
      }),
      document.onDidChange(() => {
        this.postDocument();
        this.carryOutAsked();
        this.base.follow();
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
  fillTraining(plan: Plan): Promise<boolean> {
    return this.training.fill(plan, () => this.pageIsThere);
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
  planFile(): Promise<string> {
    return this.training.planFile();
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
        this.pageIsThere = true;
        this.postDocument();
        this.carryOutAsked();
        return this.training.welcome();
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
      case 'training':
      case 'train':
      case 'showPlan':
        return this.training.receive(message);
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

  private get modelPath(): string {
    return this.document.model.base.path;
  }

  private post(message: HostToEditor): void {
    void this.panel.webview.postMessage(message);
  }
}
