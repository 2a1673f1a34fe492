import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { GraphicsCard } from '../../protocol/engines';
import { t } from '../../l10n/translate';

/** A driver that is starting takes seconds to answer. */
const ASK_MS = 15_000;
const MEBIBYTE = 1024 * 1024;

export interface Cards {
  readonly cards: readonly GraphicsCard[];
  /** Why there are none. */
  readonly noCards?: string;
}

/** The graphics cards that the NVIDIA driver tells of, which are those that TensorFlow can compute on. */
export async function findCards(program = 'nvidia-smi'): Promise<Cards> {
  const query = ['--query-gpu=name,driver_version,memory.total,memory.free', '--format=csv,noheader,nounits'];
  try {
    const { stdout } = await promisify(execFile)(program, query, { timeout: ASK_MS, windowsHide: true });
    const cards = readCards(stdout);
    return cards.length > 0 ? { cards } : { cards, noCards: t('{0} tells of no card', program) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return { cards: [], noCards: t('there is no {0}, which comes with the NVIDIA driver', program) };
    }
    const words = error instanceof Error && 'stdout' in error ? String(error.stdout).trim() : '';
    return { cards: [], noCards: t('{0} failed: {1}', program, words.split('\n')[0] || String(error)) };
  }
}

/** One line a card: name, driver's version, memory and what is free of it in MiB. */
export function readCards(csv: string): readonly GraphicsCard[] {
  return csv
    .split('\n')
    .map((line) => line.split(',').map((field) => field.trim()))
    .flatMap(([name, driver, memory, free]): GraphicsCard[] => {
      if (!name || !driver || !memory) return [];
      // "[N/A]" where memory is shared with the processor.
      const told = Number(free);
      return [
        {
          ...{ name, driver, memory: (Number(memory) || 0) * MEBIBYTE },
          ...(free && told >= 0 && { free: told * MEBIBYTE }),
        },
      ];
    });
}
