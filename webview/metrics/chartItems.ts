import { chartSvg } from '../../src/core/run/chartSvg';
import type { RunExportToHost } from '../../src/protocol/runExport';
import type { PopupItem } from '../ui/popupMenu';
import { solidColours } from '../ui/solidColours';
import { toPng } from '../ui/toPng';
import { chartPicture } from './chartPicture';
import type { Drawing } from './metricChart';
import type { Range } from '../../src/core/run/range';
import { t } from '../../src/l10n/translate';

/** What a chart's menu is about. */
export interface ChartOnScreen {
  readonly run: { readonly id: string; readonly name: string };
  readonly metric: string;
  readonly drawing: Drawing;
  readonly logarithmic: boolean;
  readonly y: Range;
}

export interface ChartActions {
  readonly post: (message: RunExportToHost) => void;
  /** One sentence about what was done, or why it was not. */
  readonly onTell: (sentence: string) => void;
  /** Left out where the whole run is shown. */
  readonly onWhole?: (() => void) | undefined;
}

/** What can be done with a chart: as a file, as a picture to paste, and back to the whole run. */
export function chartItems(chart: () => ChartOnScreen | null, actions: ChartActions, hasPoints: boolean) {
  const { post, onTell, onWhole } = actions;
  const reason = hasPoints ? undefined : t('There is no point to draw yet');
  /** Whatever a browser refuses is said, never thrown into the air. */
  const attempt = (work: (shown: ChartOnScreen) => Promise<void>) => () => {
    const shown = chart();
    if (!shown) return;
    work(shown).catch((error: unknown) => onTell(error instanceof Error ? error.message : String(error)));
  };
  const save = (extension: 'svg' | 'png') =>
    attempt(async (shown) => {
      const picture = drawn(shown);
      const svg = chartSvg(picture);
      const content = extension === 'svg' ? svg : await toPng(svg, picture);
      post({ type: 'saveChart', id: shown.run.id, metric: shown.metric, extension, content });
    });
  const copy = attempt(async (shown) => {
    const picture = drawn(shown);
    await copyPng(await toPng(chartSvg(picture), picture));
    onTell(t('Copied'));
  });
  const pictures: readonly PopupItem[] = [
    { label: t('Save as SVG…'), icon: 'file-media', reason, run: save('svg') },
    { label: t('Save as PNG…'), icon: 'device-camera', reason, run: save('png') },
    { label: t('Copy as PNG'), icon: 'copy', reason, run: copy },
  ];
  return onWhole
    ? [pictures, [{ label: t('Show the Whole Run'), icon: 'screen-normal', run: onWhole }]]
    : [pictures];
}

function drawn({ run, metric, drawing, logarithmic, y }: ChartOnScreen) {
  const background = 'var(--vscode-editor-background)';
  return chartPicture(drawing, {
    metric,
    logarithmic,
    y,
    name: run.name,
    colours: solidColours(
      {
        background,
        text: 'var(--vscode-foreground)',
        muted: 'var(--chart-text)',
        grid: 'var(--chart-grid)',
        training: 'var(--curve-training)',
        validation: 'var(--curve-validation)',
        best: 'var(--curve-best)',
      },
      background,
    ),
    font: getComputedStyle(document.body).fontFamily,
  });
}

/** @param content base64 @throws Error with what can be done where the browser refuses */
async function copyPng(content: string): Promise<void> {
  const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
  try {
    await navigator.clipboard.write([
      new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) }),
    ]);
  } catch (cause) {
    throw new Error(t('Not copied: the clipboard refused the picture. Save it as PNG.'), { cause });
  }
}
