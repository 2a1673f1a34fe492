import * as vscode from 'vscode';
import { comparisonCsv, comparisonMarkdown } from '../../core/run/comparisonText';
import type { ComparisonFromPage } from '../../protocol/runComparison';
import type { RunRegistry } from '../runRegistry';
import { PageComparison, type PostToPage } from './pageComparison';
import { KnownSeries } from './runSeries';
import { t } from '../../l10n/translate';

interface Page {
  readonly comparison: PageComparison;
  readonly post: PostToPage;
  /** The series that it was told of. */
  told: string;
}

/** The host's part of the Compare section, on whichever pages show it. */
export class ComparePart implements vscode.Disposable {
  private readonly pages = new Map<vscode.Webview, Page>();
  private readonly series = new KnownSeries();
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly registry: RunRegistry) {
    this.subscriptions = [
      registry.onDidAppend((appended) => {
        for (const { comparison } of this.pages.values()) comparison.append(appended);
      }),
      registry.onDidChange(() => {
        for (const page of this.pages.values()) void this.tellSeries(page);
      }),
    ];
  }

  async receive(webview: vscode.Webview, message: ComparisonFromPage): Promise<void> {
    const page = this.pages.get(webview) ?? this.add(webview);
    switch (message.type) {
      case 'compareRuns':
        // A section that is opened again knows nothing.
        page.told = '';
        await Promise.all([this.tellSeries(page), page.comparison.choose(message)]);
        return;
      case 'copyComparison':
        return copy(page.comparison, message.as);
    }
  }

  /** The page has gone, or begins anew. */
  forget(webview: vscode.Webview): void {
    this.pages.get(webview)?.comparison.dispose();
    this.pages.delete(webview);
  }

  dispose(): void {
    for (const { comparison } of this.pages.values()) comparison.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private add(webview: vscode.Webview): Page {
    // The page may have gone by the time of an answer.
    const post: PostToPage = (message) => webview.postMessage(message).then(undefined, () => false);
    const page = { comparison: new PageComparison(this.registry, post), post, told: '' };
    this.pages.set(webview, page);
    return page;
  }

  private async tellSeries(page: Page): Promise<void> {
    const series = await this.series.of(this.registry.runs);
    const text = JSON.stringify(series);
    if (text === page.told) return;
    page.told = text;
    await page.post({ type: 'series', series });
  }
}

async function copy(comparison: PageComparison, as: 'markdown' | 'csv'): Promise<void> {
  const { names, comparison: compared } = await comparison.compare();
  const write = as === 'csv' ? comparisonCsv : comparisonMarkdown;
  await vscode.env.clipboard.writeText(write(names, compared));
  const what = as === 'csv' ? 'CSV' : 'Markdown';
  vscode.window.setStatusBarMessage(t('Copied the comparison of {0} runs as {1}', names.length, what), 5000);
}
