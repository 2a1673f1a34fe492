import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Failure } from '../core/failure';
import { replaceWhole } from '../formats/replaceFile';
import type { SaveFile } from '../protocol/pageFiles';
import { modelName } from './siblingFiles';
import { t } from '../l10n/translate';

/** A picture of 10,000 cards has 10 MB; what is far beyond came from no page of ours. */
const MOST_CHARACTERS = 256 * 1024 * 1024;

/** What the first bytes of every PNG are (ISO 15948, 5.2). */
const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** For the dialog: what the file is called to begin with, and what its format is called. */
export function suggestedPageFile(modelPath: string, { of, extension }: SaveFile) {
  const filters = {
    txt: t('Text'),
    md: 'Markdown',
    csv: t('Comma-separated values'),
    svg: t('SVG picture'),
    png: t('PNG picture'),
  };
  return {
    title: of === 'picture' ? t('Export Picture') : t('Save Summary'),
    name: `${modelName(modelPath)}${of === 'summary' ? '-summary' : ''}.${extension}`,
    filters: { [filters[extension]]: [extension] },
  };
}

/**
 * Writes what a page has made, whole or not at all.
 *
 * @throws Failure `PAGE_FILE` where the content is not what it is said to be, `FILE_WRITE` from the system
 */
export async function writePageFile(target: string, { extension, content }: SaveFile): Promise<void> {
  const bytes = Buffer.from(content, extension === 'png' ? 'base64' : 'utf8');
  const isWhole = extension !== 'png' || bytes.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE);
  if (content.length > MOST_CHARACTERS || !isWhole) {
    throw new Failure(
      'work',
      'PAGE_FILE',
      t(
        '{0}: the editor sent {1} characters that are no {2} file of at most {3}; nothing was written',
        path.basename(target),
        content.length,
        extension,
        MOST_CHARACTERS,
      ),
      { path: target },
    );
  }
  await replaceWhole(target, (temporary) => writeFile(temporary, bytes));
}
