import path from 'node:path';

/** The names inside a run folder (DESIGN §7). */
export const RUN_FILES = {
  plan: 'plan.json',
  recipe: 'recipe.json',
  events: 'events.jsonl',
  log: 'log.txt',
  process: 'process.json',
  model: 'model',
  checkpoints: 'checkpoints',
  inputs: 'inputs.json',
  notes: 'notes.json',
  tensorboard: 'tensorboard',
  sweep: 'sweep.json',
  judgement: 'judgement.json',
  steering: 'steering.jsonl',
  machine: 'machine.json',
} as const;

/** Long enough for any model's name, short enough for any file system's limit on a name. */
const LONGEST_NAME = 64;

/** `2026-11-21T23-26-46Z-digits`: sorts by time, and no character that a file system refuses. */
export function runFolderName(startedAt: number, name: string): string {
  const time = new Date(startedAt)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  return `${time}-${slug(name)}`;
}

/** What a run folder's name says, for a run whose events say nothing. */
export function parseRunFolderName(folder: string): { startedAt: number; name: string } | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})Z-(.+)$/.exec(path.basename(folder));
  if (!match) return undefined;
  const startedAt = Date.parse(`${match[1]}T${match[2]}:${match[3]}:${match[4]}Z`);
  return Number.isNaN(startedAt) ? undefined : { startedAt, name: match[5] ?? '' };
}

function slug(name: string): string {
  const safe = name
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  return [...safe].slice(0, LONGEST_NAME).join('') || 'run';
}
