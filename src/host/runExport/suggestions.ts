import path from 'node:path';
import type { Suggestion } from '../savePageFile';
import { t } from '../../l10n/translate';

/** What can be taken out of a run as a file. */
export type RunExport =
  | { readonly what: 'metrics' | 'report' }
  | { readonly what: 'chart'; readonly metric: string; readonly extension: 'svg' | 'png' };

/** Longer names are no names of files on some systems. */
const LONGEST = 100;

/**
 * Where the dialog begins: named for the run, beside the folder of runs.
 * @param folder the first folder of the workspace, else the run's parent
 */
export function suggestExport(run: string, folder: string | undefined, wanted: RunExport): Suggestion {
  const name = fileName(path.basename(run));
  const at = (end: string) => path.join(folder ?? path.dirname(run), `${name}${end}`);
  switch (wanted.what) {
    case 'metrics':
      return {
        title: t('Export Metrics'),
        at: at('.csv'),
        filters: { [t('Comma-separated values')]: ['csv'] },
      };
    case 'report':
      return { title: t('Export Report'), at: at('.md'), filters: { Markdown: ['md'] } };
    case 'chart':
      return {
        title: t('Export Chart'),
        at: at(`-${fileName(wanted.metric)}.${wanted.extension}`),
        filters: { [wanted.extension === 'svg' ? t('SVG picture') : t('PNG picture')]: [wanted.extension] },
      };
  }
}

/** Names come from files: none of them names another place. */
function fileName(text: string): string {
  return text.replace(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, LONGEST);
}
