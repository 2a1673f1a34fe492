import * as vscode from 'vscode';
import type { HostToGallery } from '../../protocol/gallery';
import type { Messages } from '../messages';
import { galleryMessages } from '../pageMessages/galleryMessages';
import { readMessage } from '../pageMessages/readMessage';
import { webviewHtml, webviewOptions } from '../webviewHtml';
import type { GalleryDesk } from './galleryDesk';
import { t } from '../../l10n/translate';

export const GALLERY_VIEW = 'modelSurgery.gallery';

/** The gallery of pretrained models: one editor tab, which comes back after a reload. */
export class GalleryPanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private panel?: vscode.WebviewPanel;
  private folder?: vscode.Uri;
  private desk?: Promise<GalleryDesk>;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly messages: Messages,
  ) {}

  /** @param folder where models are to be saved from now on, by default */
  open(folder?: vscode.Uri): void {
    if (folder) this.folder = folder;
    if (this.panel) return this.panel.reveal();
    const panel = vscode.window.createWebviewPanel(
      GALLERY_VIEW,
      t('Pretrained Models'),
      vscode.ViewColumn.Active,
      webviewOptions(this.extension),
    );
    this.adopt(panel);
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    this.adopt(panel);
    return Promise.resolve();
  }

  dispose(): void {
    void this.desk?.then((desk) => desk.dispose());
  }

  private adopt(panel: vscode.WebviewPanel): void {
    // The one that came back takes the place of one that was opened meanwhile.
    this.panel?.dispose();
    this.panel = panel;
    const { webview } = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extension, 'media', 'icon.svg');
    const listening = webview.onDidReceiveMessage((message: unknown) => {
      this.receive(message).catch((error: unknown) => this.messages.error(error));
    });
    panel.onDidDispose(() => {
      listening.dispose();
      if (this.panel === panel) delete this.panel;
    });
    webview.options = webviewOptions(this.extension);
    webview.html = webviewHtml(webview, this.extension, 'gallery');
  }

  private async receive(posted: unknown): Promise<void> {
    const message = readMessage(galleryMessages, posted);
    // Dozens of architectures: loaded when somebody looks at them.
    this.desk ??= import('./galleryDesk').then(
      ({ GalleryDesk }) =>
        new GalleryDesk(
          {
            post: (answer: HostToGallery) => void this.panel?.webview.postMessage(answer),
            isVisible: () => this.panel?.visible === true,
            folder: () => this.folder,
          },
          this.messages,
        ),
    );
    await (await this.desk).receive(message);
  }
}
