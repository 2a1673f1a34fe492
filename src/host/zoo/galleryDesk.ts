import path from 'node:path';
import * as vscode from 'vscode';
import { GALLERY_PROTOCOL, type GalleryToHost, type HostToGallery } from '../../protocol/gallery';
import { formatNamed } from '../../formats/registry';
import { cachedNames } from '../../zoo/download/weightFile';
import { checkWish, type ZooWish } from '../../zoo/zooModel';
import { asFailure } from '../asFailure';
import { targetOf, type ExportTarget } from '../exportTarget';
import type { Messages } from '../messages';
import { openEditor } from '../modelFiles';
import { galleryModels, resultOf, wishOf } from './galleryModels';
import { progressOf } from './jobProgress';
import { makeModel } from './makeModel';
import { ZooJobs, type BegunJob } from './zooJobs';
import { zooStore } from './zooStore';
import { t } from '../../l10n/translate';

/** Where the page is, as far as what it asks for needs to know. */
export interface GallerySide {
  readonly post: (message: HostToGallery) => void;
  readonly isVisible: () => boolean;
  /** Where a model is to be saved, by default. */
  readonly folder: () => vscode.Uri | undefined;
}

/** Carries out what the gallery's page asks for; loaded when somebody opens it. What goes on outlives the page. */
export class GalleryDesk implements vscode.Disposable {
  private readonly jobs = new ZooJobs(
    (order, carrying) => makeModel(order, zooStore(), carrying),
    () => this.page.post({ type: 'jobs', jobs: this.jobs.all }),
  );
  private readonly subscriptions: vscode.Disposable;

  constructor(
    private readonly page: GallerySide,
    private readonly messages: Messages,
  ) {
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidGrantWorkspaceTrust(() => this.tell()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('modelSurgery.zoo')) this.tell();
      }),
    );
  }

  async receive(message: GalleryToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.welcome();
      case 'describe':
        return this.page.post(await this.answerTo(message));
      case 'open':
        return this.open(wishOf(message.wish));
      case 'stop':
        return this.jobs.stop(message.id);
      case 'again': {
        const job = this.jobs.again(message.id);
        return job && this.follow(job);
      }
      case 'dismiss':
        return this.jobs.dismiss(message.id);
      case 'openModule':
        return vscode.commands.executeCommand('modelSurgery.openHubModule');
      case 'settings': {
        const name = message.of === 'mirror' ? 'modelSurgery.zoo.mirror' : 'http.proxy';
        return vscode.commands.executeCommand('workbench.action.openSettings', name);
      }
      case 'trust':
        return vscode.commands.executeCommand('workbench.trust.manage');
      case 'showLog':
        return this.messages.log.show();
    }
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.jobs.dispose();
  }

  private tell(): void {
    this.welcome().catch((error: unknown) => this.messages.error(error));
  }

  private async welcome(): Promise<void> {
    const { folder, mirror, off } = zooStore();
    this.page.post({
      ...{ type: 'gallery', protocol: GALLERY_PROTOCOL, models: galleryModels() },
      cached: [...(await cachedNames(folder))],
      store: { folder, mirror: mirror ?? null, trusted: off === undefined },
      jobs: this.jobs.all,
    });
  }

  private async answerTo({
    request,
    wish,
  }: Extract<GalleryToHost, { readonly type: 'describe' }>): Promise<HostToGallery> {
    try {
      const result = await resultOf(wishOf(wish), zooStore().folder);
      return { type: 'described', request, result };
    } catch (error) {
      const { code, message } = asFailure(error);
      return { type: 'refused', request, problem: { code, message } };
    }
  }

  private async open(wish: ZooWish): Promise<void> {
    checkWish(wish);
    const target = await askForTarget(wish, this.page.folder());
    if (!target) return;
    await this.follow(this.jobs.begin({ wish, target, label: path.basename(target.path) }));
  }

  /** Shows a job as VS Code does too, and opens what comes of it. */
  private async follow(job: BegunJob): Promise<void> {
    const { wish, target } = job.order;
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: wish.entry.name, cancellable: true },
      (progress, token) => {
        token.onCancellationRequested(() => this.jobs.stop(job.id));
        let shown = { percent: 0, message: '' };
        job.onState((state) => {
          const next = progressOf(state, shown);
          progress.report({ increment: next.percent - shown.percent, message: next.message });
          shown = next;
        });
        return job.ended;
      },
    );
    if (!(await job.ended)) return this.reportEnd(job);
    this.messages.log.info(
      `wrote ${target.path} (${wish.entry.name}${wish.random ? ', random weights' : ''})`,
    );
    this.page.post({ type: 'cached', cached: [...(await cachedNames(zooStore().folder))] });
    await openEditor(vscode.Uri.file(target.path));
  }

  /** The page says what went wrong; where nobody sees it, VS Code does. */
  private async reportEnd({ id }: BegunJob): Promise<void> {
    const state = this.jobs.all.find((job) => job.id === id)?.state;
    if (state?.kind !== 'failed') return;
    const said = `${state.code}: ${state.message}`;
    this.messages.log.error(said);
    if (!this.page.isVisible()) await vscode.window.showErrorMessage(state.message);
  }
}

async function askForTarget(
  { entry }: ZooWish,
  folder: vscode.Uri | undefined,
): Promise<ExportTarget | undefined> {
  const base = folder ?? vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${entry.name.toLowerCase()}.h5`;
  const chosen = await vscode.window.showSaveDialog({
    title: t('Save {0}', entry.name),
    saveLabel: t('Save'),
    ...(base && { defaultUri: vscode.Uri.joinPath(base, name) }),
    filters: { 'Keras HDF5': ['h5'], 'Keras 3': ['keras'] },
  });
  if (!chosen) return undefined;
  const extension = path.extname(chosen.fsPath).toLowerCase();
  return targetOf(chosen.fsPath, formatNamed(extension === '.keras' ? 'keras' : 'h5'));
}
