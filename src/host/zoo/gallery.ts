import { existsSync } from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { rowOf, type ZooRow } from '../../zoo/describe';
import { cachedNames, downloadsOff, type ZooStore } from '../../zoo/download/weightFile';
import { parseInputSize } from '../../zoo/inputSize';
import { zooEntries, zooEntry } from '../../zoo/registry';
import { checkWish, publishedFor, type ZooWish } from '../../zoo/zooModel';
import { asFailure } from '../asFailure';
import { galleryItems, PARTS, weightsChoices } from './galleryItems';
import { pickStep, textStep, type StepEnd } from './steps';
import { zooStore } from './zooStore';

const TITLE = 'Pretrained Models';
const STEPS = 4;

/** What was chosen so far; a step back keeps it. */
interface Choices {
  row?: ZooRow;
  part?: (typeof PARTS)[number];
  random?: boolean;
  size?: string;
}

/**
 * Asks which pretrained model and what of it: a list of all there are, then the part, the weights and the input size.
 * @returns undefined where people thought better of it
 * @throws Failure `ZOO_OFF` for weights that would have to be fetched where nothing is
 */
export async function chooseFromZoo(): Promise<ZooWish | undefined> {
  const store = zooStore();
  const cached = await cachedNames(store.folder);
  const rows = zooEntries().map((entry) => rowOf(entry, cached));
  const choices: Choices = {};
  const steps = [
    () => askName(rows, choices),
    () => askPart(choices),
    () => askWeights(choices, store),
    () => askSize(choices),
  ];
  for (let at = 0; at < steps.length;) {
    const end = await steps[at]!();
    if (end === undefined) return undefined;
    at += end === 'back' ? -1 : 1;
  }
  return wishOf(choices);
}

async function askName(rows: readonly ZooRow[], choices: Choices): Promise<StepEnd<unknown>> {
  const items = galleryItems(rows).map((item) =>
    'family' in item
      ? { label: item.family, kind: vscode.QuickPickItemKind.Separator, name: undefined }
      : { ...item, kind: vscode.QuickPickItemKind.Default },
  );
  const placeholder = 'Architecture, by name, size or preprocessing';
  const before = items.find(({ name }) => name !== undefined && name === choices.row?.name);
  const end = await pickStep({ title: TITLE, step: 1, totalSteps: STEPS, placeholder }, items, before);
  if (end === undefined || end === 'back') return end;
  const row = rows.find(({ name }) => name === end.chosen.name);
  // The size of another architecture is not this one's.
  if (row !== choices.row) delete choices.size;
  choices.row = row;
  return end;
}

async function askPart(choices: Choices): Promise<StepEnd<unknown>> {
  const title = titleOf(choices);
  const items = PARTS.map((part) => ({ ...part }));
  const before = items.find(({ label }) => label === choices.part?.label);
  const end = await pickStep({ title, step: 2, totalSteps: STEPS, placeholder: 'What of it' }, items, before);
  if (end !== undefined && end !== 'back') choices.part = end.chosen;
  return end;
}

async function askWeights(choices: Choices, { folder, off }: ZooStore): Promise<StepEnd<unknown>> {
  const { row } = choices;
  if (!row) return 'back';
  const items = weightsChoices(row, isCached(choices, folder), off === undefined).map((choice) => ({
    ...choice,
  }));
  const title = titleOf(choices);
  const end = await pickStep({ title, step: 3, totalSteps: STEPS, placeholder: 'Weights' }, items);
  if (end === undefined || end === 'back') return end;
  choices.random = end.chosen.random;
  if (!choices.random && off !== undefined && !isCached(choices, folder)) {
    throw downloadsOff(zooEntry(row.name), off);
  }
  return end;
}

async function askSize(choices: Choices): Promise<StepEnd<unknown>> {
  const { row } = choices;
  if (!row) return 'back';
  const own = row.input.join('x');
  const end = await textStep(
    { title: titleOf(choices), step: 4, totalSteps: STEPS, placeholder: own },
    choices.size ?? own,
    `Height x width of its images in pixels, from ${row.leastInput} on. It was trained with ${own}.`,
    (text) => problemWith({ ...choices, size: text }),
  );
  if (end !== undefined && end !== 'back') choices.size = end.chosen;
  return end;
}

/** What is wrong with the choices, in a sentence. */
function problemWith(choices: Choices): string | undefined {
  if (parseInputSize(choices.size ?? '') === undefined) return 'Pixels as 160 or 160x128 are expected.';
  try {
    checkWish(wishOf(choices));
    return undefined;
  } catch (error) {
    return asFailure(error).message;
  }
}

function wishOf({ row, part, random = false, size = '' }: Choices): ZooWish {
  const inputSize = parseInputSize(size);
  return {
    entry: zooEntry(row?.name ?? ''),
    options: { ...part?.options, ...(inputSize && { inputSize }) },
    random,
  };
}

/** Of this very part: with and without the top are two files. */
function isCached(choices: Choices, folder: string): boolean {
  const published = publishedFor({ ...wishOf(choices), random: false });
  return published !== undefined && existsSync(path.join(folder, published.file));
}

const titleOf = ({ row }: Choices) => `${TITLE}: ${row?.name ?? ''}`;
