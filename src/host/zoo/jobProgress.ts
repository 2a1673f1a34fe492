import { showDownloaded } from '../../core/summary/amounts';
import type { GalleryJobState } from '../../protocol/gallery';
import { t } from '../../l10n/translate';

/** Of the bar, the part that is the download's; writing the model is quick beside it. */
const DOWNLOAD_SHARE = 90;

/** What VS Code's own bar says of a job. */
export interface JobProgress {
  /** Of the whole bar; it never goes back. */
  readonly percent: number;
  readonly message: string;
}

/** @param before what the bar showed last; a size that the server does not say leaves it there, and bytes are said all the same */
export function progressOf(state: GalleryJobState, { percent }: JobProgress): JobProgress {
  switch (state.kind) {
    case 'waiting':
      return { percent, message: t('preparing') };
    case 'downloading': {
      const { bytes, whole } = state;
      const share = whole === null || whole === 0 ? 0 : (DOWNLOAD_SHARE * bytes) / whole;
      return { percent: Math.max(percent, share), message: showDownloaded(bytes, whole) };
    }
    case 'writing':
      return { percent: Math.max(percent, 100 * state.share), message: t('writing the model') };
    case 'stopped':
    case 'failed':
      return { percent, message: '' };
  }
}
