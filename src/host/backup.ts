import * as z from 'zod';
import { Failure } from '../core/failure';
import { baseSchema, recipeSchema, type Recipe } from '../core/surgery/recipe';
import { t } from '../l10n/translate';

/**
 * What VS Code keeps of an unsaved document while the window is away: a version, the base model's fingerprint and
 * the unsaved recipe. Never a model's bytes.
 */
export const backupSchema = z.strictObject({
  version: z.literal(1),
  base: baseSchema.pick({ sha256: true, bytes: true }),
  recipe: recipeSchema,
});

export type Backup = z.infer<typeof backupSchema>;

export function backupOf({ sha256, bytes }: Backup['base'], recipe: Recipe): Backup {
  return { version: 1, base: { sha256, bytes }, recipe };
}

export function encodeBackup(base: Backup['base'], recipe: Recipe): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(backupOf(base, recipe)));
}

/** @throws Failure `BACKUP_UNREADABLE`: an edit that was lost is never passed over in silence */
export function decodeBackup(bytes: Uint8Array, file: string): Backup {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw unreadable(file, t('it is not JSON'), cause);
  }
  const parsed = backupSchema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw unreadable(
    file,
    issue ? `${issue.path.join('.') || t('the backup')}: ${issue.message}` : t('it is not a backup'),
  );
}

function unreadable(file: string, found: string, cause?: unknown): Failure {
  return new Failure(
    'input',
    'BACKUP_UNREADABLE',
    t('the unsaved edits of {0} could not be restored: {1}; the recipe as last saved is shown', file, found),
    { path: file, cause },
  );
}
