import { statSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { fingerprintOf, type Fingerprint } from '../formats/fingerprint';
import { t } from '../l10n/translate';

interface Reading {
  readonly found: Fingerprint;
  /** Whether the file changed while it was read: what was read may be of neither. */
  readonly isMixed: boolean;
}

/** What a model's file was when it was opened; read once, since models are large. */
export class KnownFingerprint {
  private known?: Promise<Reading>;

  /** Begins to read; before the model itself is read, so that it is of no newer file. */
  ask(modelPath: string): void {
    this.of(modelPath).catch(() => undefined);
  }

  of(modelPath: string): Promise<Fingerprint> {
    if (!this.known) {
      this.known = read(modelPath);
      this.known.catch(() => (this.known = undefined));
    }
    return this.known.then(({ found }) => found);
  }

  /** The file is read again, as it is now. */
  forget(): void {
    this.known = undefined;
  }

  /** What was read; nothing where the file was not asked about, could not be read, or changed meanwhile. */
  async seen(): Promise<Fingerprint | undefined> {
    const known = await this.known?.catch(() => undefined);
    return known?.isMixed ? undefined : known?.found;
  }

  /** Whether a recipe made for `expected` may be used on a file; asks people where the two differ. */
  async confirm(modelPath: string, expected: Fingerprint, recipePath: string): Promise<boolean> {
    const found = await this.of(modelPath);
    if (found.sha256 === expected.sha256) return true;
    const open = t('Open Anyway');
    const answer = await vscode.window.showWarningMessage(
      t('The recipe {0} was made for another {1}.', path.basename(recipePath), path.basename(modelPath)),
      {
        modal: true,
        detail: t(
          "The file's SHA-256 is {0}… ({1} bytes); the recipe expects {2}… ({3} bytes). Without the recipe the model opens as it is, and saving replaces the recipe.",
          found.sha256.slice(0, 12),
          found.bytes,
          expected.sha256.slice(0, 12),
          expected.bytes,
        ),
      },
      { title: open },
      { title: t('Ignore Recipe'), isCloseAffordance: true },
    );
    return answer?.title === open;
  }
}

async function read(modelPath: string): Promise<Reading> {
  const before = stampOf(modelPath);
  const found = await fingerprintOf(modelPath);
  return { found, isMixed: stampOf(modelPath) !== before };
}

/** Another one where a file was written anew. */
function stampOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.size} ${found.mtimeMs}`;
}
