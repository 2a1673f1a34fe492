import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import { EMPTY_RECIPE, type Recipe } from '../core/surgery/recipe';
import { fingerprintOf } from '../formats/fingerprint';
import type { ModelFile } from '../formats/format';
import { readRecipe, writeRecipe } from '../formats/recipeFile';
import { openModel } from '../formats/registry';
import type { Edit } from '../protocol/editor';
import { backupOf, decodeBackup, encodeBackup, type Backup } from './backup';
import { EditJournal, type LeftEdits } from './editJournal';
import { KnownFingerprint } from './knownFingerprint';
import { asFailure, type Messages } from './messages';
import { baseModel } from './namedPaths';
import { OthersRecipe } from './othersRecipe';
import type { OutsidePaths } from './outsidePaths';
import { OperatingTable, type OpenedModel } from './openedModel';
import { baseOf, refuseOtherNames, saysTheSame } from './recipeFiles';
import { isRecipePath, siblingOf } from './siblingFiles';
import { watchFile } from './watchFile';
import { t } from '../l10n/translate';

export type DocumentState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'unreadable'; readonly failure: Failure }
  | { readonly kind: 'open'; readonly model: OpenedModel };

/** One undoable edit, as VS Code wants it. */
export interface DocumentEdit {
  readonly label: string;
  readonly undo: () => void;
  readonly redo: () => void;
}

/**
 * A model under surgery: the base file, which is never written, and a recipe, which is what gets edited, saved beside
 * the model and backed up. Opened from a model file (its recipe is the one beside it) or from a recipe (its model is
 * the one it names).
 */
export class ModelDocument implements vscode.CustomDocument {
  private current: DocumentState = { kind: 'loading' };
  /** The recipe as the file has it; another object than the current one's means unsaved edits. */
  private savedRecipe: Recipe = EMPTY_RECIPE;
  private table?: OperatingTable;
  private readonly fingerprint = new KnownFingerprint();
  private readonly subscriptions: vscode.Disposable[] = [];
  /** Aborted with the document's end: what is being read for it then, nobody waits for. */
  private readonly ending = new AbortController();
  /** A question about a changed file is on screen already. */
  private asking = false;
  private readonly othersRecipe: OthersRecipe;
  private readonly journal: EditJournal;
  /** Unsaved edits of a model that cannot be read at the moment: they wait until it can. */
  private waiting?: vscode.Uri | Backup;
  private readonly isFromBackup: boolean;
  private readonly changed = this.own(new vscode.EventEmitter<void>());
  private readonly edited = this.own(new vscode.EventEmitter<DocumentEdit>());
  private readonly closed = new vscode.EventEmitter<void>();

  /** The document has something else to show. */
  readonly onDidChange = this.changed.event;
  readonly onDidEdit = this.edited.event;
  readonly onDidDispose = this.closed.event;
  /** Resolves when the first opening is over, well or badly. */
  readonly opened: Promise<void>;
  /** Of a document that is closed: resolves when it writes nothing any more. */
  ended: Promise<void> = Promise.resolve();

  readonly recipePath: string;

  constructor(
    readonly uri: vscode.Uri,
    private readonly messages: Messages,
    private readonly outside: OutsidePaths,
    journals: string,
    backup?: vscode.Uri,
  ) {
    this.recipePath = isRecipePath(uri.fsPath) ? uri.fsPath : siblingOf(uri.fsPath, 'surgery');
    this.othersRecipe = new OthersRecipe(this.recipePath);
    this.waiting = backup;
    this.isFromBackup = backup !== undefined;
    this.journal = new EditJournal(journals, uri.toString(), (error) =>
      messages.log.warn(`unsaved edits of ${this.fileName} outside VS Code: ${asFailure(error).message}`),
    );
    this.opened = this.load();
    void this.opened.then(() => this.watchFiles());
  }

  get state(): DocumentState {
    return this.current;
  }

  /** The file's name, for people. */
  get fileName(): string {
    return path.basename(this.uri.fsPath);
  }

  get isDirty(): boolean {
    return this.current.kind === 'open' && this.current.model.recipe !== this.savedRecipe;
  }

  /** Whether there is a recipe to train from, once saved. */
  get hasRecipe(): boolean {
    return existsSync(this.recipePath);
  }

  /** @throws Failure when the document is not open */
  get model(): OpenedModel {
    if (this.current.kind === 'open') return this.current.model;
    if (this.current.kind === 'unreadable') throw this.current.failure;
    throw new Failure(
      'work',
      'STILL_LOADING',
      t('{0} is still being read; try again in a moment', this.fileName),
    );
  }

  /**
   * Done at once, unless the recipe takes from other models: those are looked at first.
   *
   * @throws Failure when the edit cannot be carried out; nothing has changed then
   */
  async edit(given: Edit): Promise<void> {
    const { before, after, label } = await this.attempt(given);
    this.show(after);
    this.edited.fire({ label, undo: () => this.show(before), redo: () => this.show(after) });
  }

  /**
   * What `edit` would make of the model; nothing changes.
   *
   * @throws Failure when the edit cannot be carried out
   */
  async tryOut(given: Edit): Promise<OpenedModel> {
    return (await this.attempt(given)).after;
  }

  /**
   * A model before and after one step of a recipe on it.
   *
   * @throws Failure where there is no such step, or it cannot be carried out
   */
  aroundStep(recipe: Recipe, at: number): ReturnType<OperatingTable['aroundStep']> {
    return this.tableOf(this.model.base).aroundStep(recipe, at);
  }

  /**
   * Another model, as edits that take from it will see it.
   *
   * @throws Failure where it cannot be read; the signal's reason once it is aborted
   */
  openDonor(file: string, signal?: AbortSignal): Promise<ModelFile> {
    return this.tableOf(this.model.base).openDonor(file, signal);
  }

  /** @throws Failure `RECIPE_CHANGED` where somebody else wrote the recipe meanwhile, and people want theirs kept */
  async save(): Promise<void> {
    const { recipe } = this.model;
    await this.othersRecipe.confirmReplacing([this.savedRecipe, recipe]);
    await this.writeRecipe(this.recipePath, recipe);
    this.savedRecipe = recipe;
    this.othersRecipe.forget();
    await this.journal.forget();
  }

  /**
   * Takes up what windows left that ended without closing the document, as edits: undoing them goes back to what was there.
   * To be called once VS Code knows the document. A backup that VS Code opened it with may be older than what was left.
   */
  async takeUpLeft(): Promise<void> {
    await this.opened;
    let isRestored = false;
    for (const left of this.current.kind === 'open' ? await this.journal.left() : []) {
      try {
        isRestored = (await this.takeUp(left)) || isRestored;
      } catch (error) {
        void this.messages.error(error);
      }
    }
    if (!isRestored) return;
    void vscode.window.showInformationMessage(
      t(
        'Unsaved edits of {0} were restored: their window ended without closing it. Undo goes back to what is saved.',
        this.fileName,
      ),
    );
  }

  /** @returns whether these edits are on top now; where that fails they stay for another time */
  private async takeUp(left: LeftEdits): Promise<boolean> {
    const { base, recipe } = left.unsaved;
    const isHere = saysTheSame(recipe, this.model.recipe);
    if (left.isOwned) {
      // A window may be opened again, by its backup, before its last process has ended: what that one keeps is here.
      if (isHere && this.isFromBackup) await left.forget();
      return false;
    }
    const file = this.model.base;
    if (isHere || !(await this.fingerprint.confirm(file.path, base, this.recipePath))) {
      await left.forget();
      return false;
    }
    const after = await this.carryOut(recipe, file);
    if (this.ending.signal.aborted || !(await left.take())) return false;
    const before = this.model;
    this.show(after);
    const label = t('Restore unsaved edits');
    this.edited.fire({ label, undo: () => this.show(before), redo: () => this.show(after) });
    return true;
  }

  /** @throws Failure when `destination` is not named as a recipe: the model itself is never written */
  async saveAs(destination: vscode.Uri): Promise<void> {
    refuseOtherNames(destination.fsPath);
    await this.writeRecipe(destination.fsPath, this.model.recipe);
  }

  /** Throws the unsaved edits away and reads both files again. */
  async revert(): Promise<void> {
    this.waiting = undefined;
    this.othersRecipe.forget();
    await this.readAgain();
  }

  /** Reads the model again and carries the current recipe, saved or not, out on it. */
  async reload(): Promise<void> {
    if (this.current.kind !== 'open') return this.readAgain();
    const { base, recipe } = this.current.model;
    const before = this.isDirty ? await this.fingerprint.of(base.path) : undefined;
    this.fingerprint.forget();
    this.fingerprint.ask(base.path);
    await this.settle(async () => this.carryOut(recipe, await openModel(base.path, this.ending.signal)));
    if (this.current.kind !== 'open' && before) this.waiting = { version: 1, base: before, recipe };
  }

  async backup(destination: vscode.Uri): Promise<vscode.CustomDocumentBackup> {
    await this.opened;
    await vscode.workspace.fs.writeFile(destination, await this.unsaved());
    return { id: destination.toString(), delete: () => void vscode.workspace.fs.delete(destination) };
  }

  /** A backup's bytes; of a model that cannot be read, those of the edits that wait for it. */
  private async unsaved(): Promise<Uint8Array> {
    const { waiting } = this;
    if (this.current.kind !== 'open' && waiting) {
      if (!('recipe' in waiting)) return vscode.workspace.fs.readFile(waiting);
      return encodeBackup(waiting.base, waiting.recipe);
    }
    const { base, recipe } = this.model;
    return encodeBackup(await this.fingerprint.of(base.path), recipe);
  }

  dispose(): void {
    this.ended = this.journal.forget();
    this.ending.abort();
    this.closed.fire();
    this.closed.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async attempt(given: Edit) {
    const table = this.tableOf(this.model.base);
    const isAlone = !table.takesFromDonors(this.model.recipe, given);
    const folder = path.dirname(this.recipePath);
    const intent = isAlone
      ? given
      : await table.prepare(this.model.recipe, given, folder, (recipe) => this.allow(recipe));
    const before = this.model;
    const { opened: after, label } = this.tableOf(before.base).edit(before.recipe, intent);
    return { before, after, label };
  }

  /** What could not be read may be readable now, and what was left for it be taken up. */
  private async comeBack(): Promise<void> {
    await this.readAgain();
    await this.takeUpLeft();
  }

  /** Both files, and the unsaved edits that wait for them. */
  private async readAgain(): Promise<void> {
    this.fingerprint.forget();
    await this.load();
  }

  private async load(): Promise<void> {
    await this.settle(async () => {
      const saved = existsSync(this.recipePath) ? await readRecipe(this.recipePath) : undefined;
      const file = baseOf(this.uri.fsPath, saved);
      if (isRecipePath(this.uri.fsPath)) await this.outside.allow([baseModel(file)], this.recipePath);
      this.fingerprint.ask(file);
      const base = await openModel(file, this.ending.signal);
      const fits =
        saved?.base === undefined || (await this.fingerprint.confirm(base.path, saved.base, this.recipePath));
      this.savedRecipe = (fits ? saved : undefined) ?? EMPTY_RECIPE;
      const restored = this.waiting && (await this.restore(this.waiting, base.path));
      const opened = await this.carryOut(restored ?? this.savedRecipe, base);
      if (!restored) this.savedRecipe = opened.recipe;
      this.waiting = undefined;
      return opened;
    });
  }

  /** The last recipe's states are remembered there, so one table serves as long as the base is the same. */
  private tableOf(base: ModelFile): OperatingTable {
    if (this.table?.base !== base) this.table = new OperatingTable(base);
    return this.table;
  }

  /** @throws Failure that names the recipe's file: the model itself could be read */
  private async carryOut(recipe: Recipe, base: ModelFile): Promise<OpenedModel> {
    await this.allow(recipe);
    try {
      const table = this.tableOf(base);
      return table.operate(await table.openDonors(recipe));
    } catch (error) {
      const { kind, code, message, layer } = asFailure(error);
      throw new Failure(kind, code, `${path.basename(this.recipePath)}: ${message}`, {
        path: this.recipePath,
        cause: error,
        ...(layer !== undefined && { layer }),
      });
    }
  }

  /** @throws Failure where people do not want it to take from where it says */
  private allow(recipe: Recipe): Promise<void> {
    return this.outside.allowRecipe(recipe, this.recipePath);
  }

  private async settle(open: () => Promise<OpenedModel>): Promise<void> {
    try {
      this.show(await open());
    } catch (error) {
      if (this.ending.signal.aborted) return;
      const failure = asFailure(error);
      this.messages.log.error(`${failure.code}: ${failure.message}`);
      this.current = { kind: 'unreadable', failure };
      this.changed.fire();
    }
  }

  private show(model: OpenedModel): void {
    const wasDirty = this.isDirty;
    this.current = { kind: 'open', model };
    if (this.isDirty) void this.journal.keep(() => this.toKeep(model));
    else if (wasDirty) void this.journal.forget();
    this.changed.fire();
  }

  private async toKeep({ base, recipe }: OpenedModel): Promise<Backup> {
    return backupOf(await this.fingerprint.of(base.path), recipe);
  }

  /** The unsaved edits of a window that went away; a backup that cannot be used is said, not passed over. */
  private async restore(kept: vscode.Uri | Backup, modelPath: string): Promise<Recipe | undefined> {
    try {
      const { base, recipe } =
        'recipe' in kept ? kept : decodeBackup(await vscode.workspace.fs.readFile(kept), this.fileName);
      return (await this.fingerprint.confirm(modelPath, base, this.recipePath)) ? recipe : undefined;
    } catch (error) {
      void this.messages.error(error);
      return undefined;
    }
  }

  private async writeRecipe(file: string, recipe: Recipe): Promise<void> {
    const { path: model } = this.model.base;
    await writeRecipe(file, { ...recipe, base: { path: model, ...(await this.fingerprint.of(model)) } });
  }

  private watchFiles(): void {
    const watch = (file: string, changed: () => Promise<void>) => {
      const report = () => void changed().catch((error: unknown) => this.messages.error(error));
      this.own(watchFile(file, report));
    };
    if (this.current.kind === 'open') watch(this.current.model.base.path, () => this.baseChanged());
    else watch(this.uri.fsPath, () => this.comeBack());
    watch(this.recipePath, () => this.recipeChanged());
    this.own(
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        if (this.current.kind !== 'unreadable' || this.current.failure.code !== 'OUTSIDE_UNTRUSTED') return;
        void this.comeBack().catch((error: unknown) => this.messages.error(error));
      }),
    );
  }

  private async baseChanged(): Promise<void> {
    if (this.current.kind !== 'open') return this.comeBack();
    const { base } = this.current.model;
    const before = await this.fingerprint.seen();
    const now = existsSync(base.path) ? await fingerprintOf(base.path) : undefined;
    if (this.asking || before?.sha256 === now?.sha256) return;
    this.asking = true;
    const reload = t('Reload');
    const name = path.basename(base.path);
    const what = now
      ? t('{0} changed on disk. What is shown is the file as it was.', name)
      : t(
          '{0} is gone from the disk. What is shown is the file as it was; its weights cannot be read until it is back.',
          name,
        );
    const answer = await vscode.window.showWarningMessage(what, reload);
    this.asking = false;
    if (answer === reload) await this.reload();
  }

  /** Somebody else wrote the recipe: taken over, unless that would lose edits; then people choose. */
  private async recipeChanged(): Promise<void> {
    if (this.current.kind === 'loading') return;
    if (this.current.kind !== 'open') return this.comeBack();
    const written = this.hasRecipe ? await readRecipe(this.recipePath) : EMPTY_RECIPE;
    if (saysTheSame(written, this.savedRecipe)) return;
    if (!this.isDirty) return this.readAgain();
    if (this.hasRecipe && !saysTheSame(written, this.model.recipe)) await this.askWhose(written);
  }

  private async askWhose(written: Recipe): Promise<void> {
    if ((await this.othersRecipe.askWhose(written)) !== 'theirs') return;
    await this.takeOver(await readRecipe(this.recipePath));
  }

  /** The recipe as its file has it, in the place of unsaved edits: an edit itself, so that undoing it brings those back. */
  private async takeOver(written: Recipe): Promise<void> {
    const before = this.model;
    const after = await this.carryOut(written, before.base);
    this.savedRecipe = after.recipe;
    this.show(after);
    const label = t('Take over {0}', path.basename(this.recipePath));
    this.edited.fire({ label, undo: () => this.show(before), redo: () => this.show(after) });
  }

  /** Disposed with the document; at once where an opening ends after the document was closed. */
  private own<T extends vscode.Disposable>(disposable: T): T {
    if (this.ending.signal.aborted) disposable.dispose();
    else this.subscriptions.push(disposable);
    return disposable;
  }
}
