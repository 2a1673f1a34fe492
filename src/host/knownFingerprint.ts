import path from 'node:path';
import * as vscode from 'vscode';
import { fingerprintOf, type Fingerprint } from '../formats/fingerprint';

/** What a model's file was when it was opened; read once, since models are large. */
export class KnownFingerprint {
  private known?: Promise<Fingerprint>;

  of(modelPath: string): Promise<Fingerprint> {
    if (this.known) return this.known;
    const reading = fingerprintOf(modelPath);
    this.known = reading;
    reading.catch(() => (this.known = undefined));
    return reading;
  }

  /** The file is read again, as it is now. */
  forget(): void {
    this.known = undefined;
  }

  /** What was read; nothing where the file was not asked about, or could not be read. */
  async seen(): Promise<Fingerprint | undefined> {
    return this.known?.catch(() => undefined);
  }

  /** Whether a recipe made for `expected` may be used on a file; asks people where the two differ. */
  async confirm(modelPath: string, expected: Fingerprint, recipePath: string): Promise<boolean> {
    const found = await this.of(modelPath);
    if (found.sha256 === expected.sha256) return true;
    const open = 'Open Anyway';
    const answer = await vscode.window.showWarningMessage(
      `The recipe ${path.basename(recipePath)} was made for another ${path.basename(modelPath)}.`,
      {
        modal: true,
        detail:
          `The file's SHA-256 is ${found.sha256.slice(0, 12)}… (${found.bytes} bytes); the recipe expects ` +
          `${expected.sha256.slice(0, 12)}… (${expected.bytes} bytes). Without the recipe the model opens as it is, ` +
          `and saving replaces the recipe.`,
      },
      { title: open },
      { title: 'Ignore Recipe', isCloseAffordance: true },
    );
    return answer?.title === open;
  }
}
