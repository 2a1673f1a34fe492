import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../core/failure';
import type { Recipe } from '../core/surgery/recipe';
import { readRecipe } from '../formats/recipeFile';
import { saysTheSame } from './recipeFiles';
import { t } from '../l10n/translate';

/** Asks whose recipe counts where another window or program writes the file that unsaved edits are to be saved to. */
export class OthersRecipe {
  private asking = false;
  /** What somebody else wrote, and people said is to be replaced. */
  private overruled?: Recipe;

  constructor(private readonly recipePath: string) {}

  /** After a save or a revert nothing is overruled any more. */
  forget(): void {
    this.overruled = undefined;
  }

  /** Tells of what somebody else wrote; asks once, and not again about what is to be replaced. */
  async askWhose(written: Recipe): Promise<'theirs' | 'mine' | undefined> {
    if (this.asking || this.hasOverruled(written)) return undefined;
    const [theirs, mine] = [t('Take Over Theirs'), t('Keep Mine')];
    this.asking = true;
    try {
      const answer = await vscode.window.showWarningMessage(
        t('{0} was written by another window or program. Your unsaved edits are still here.', this.name),
        theirs,
        mine,
      );
      if (answer === mine) this.overruled = written;
      return answer === theirs ? 'theirs' : answer === mine ? 'mine' : undefined;
    } finally {
      this.asking = false;
    }
  }

  /**
   * Asks before a recipe is replaced that is none of `own`.
   * @throws Failure `RECIPE_CHANGED` where people want it kept
   */
  async confirmReplacing(own: readonly Recipe[]): Promise<void> {
    if (!existsSync(this.recipePath)) return;
    // One that cannot be read is somebody's, too.
    const written = await readRecipe(this.recipePath).catch(() => undefined);
    if (written && (own.some((each) => saysTheSame(written, each)) || this.hasOverruled(written))) return;
    const replace = t('Replace It');
    const answer = await vscode.window.showWarningMessage(
      t('{0} was written by another window or program since it was read here.', this.name),
      { modal: true, detail: t('Replacing it loses what the other wrote. To look at that first, cancel.') },
      replace,
    );
    if (answer === replace) return;
    throw new Failure(
      'work',
      'RECIPE_CHANGED',
      t(
        '{0}: not saved: somebody else wrote it meanwhile; take over what it says with File: Revert File, or save again and replace it',
        this.name,
      ),
      { path: this.recipePath },
    );
  }

  private get name(): string {
    return path.basename(this.recipePath);
  }

  private hasOverruled(written: Recipe): boolean {
    return this.overruled !== undefined && saysTheSame(written, this.overruled);
  }
}
