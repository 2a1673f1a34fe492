import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { Judgement } from '../core/run/judgement';
import { readJsonFile } from '../formats/jsonFile';
import { replaceWhole } from '../formats/replaceFile';
import { RUN_FILES } from './runFolder';
import { timeSchema } from './time';

/** A hundred thousand samples with long class names; what is larger was not written here. */
const LARGEST_JUDGEMENT = 64 * 2 ** 20;
/** The largest set of labels in use, ImageNet's whole hierarchy, has some 22,000. */
const MOST_CLASSES = 100_000;

const whole = z.int().min(0);
const column = z.array(whole);
const scores = z.array(z.number());

const rowsSchema = z
  .object({
    index: column,
    label: column,
    truth: scores,
    depth: z.int().min(1),
    taken: column,
    scores,
  })
  .refine(
    ({ index, label, truth, depth, taken, scores: given }) =>
      label.length === index.length &&
      truth.length === index.length &&
      taken.length === index.length * depth &&
      given.length === taken.length,
  );

const answersSchema = z.union([
  z.object({ kind: z.enum(['values', 'severalLabels']) }),
  z
    .object({
      kind: z.literal('classes'),
      classes: z.array(z.string()).min(1).max(MOST_CLASSES),
      cells: column,
      rows: rowsSchema,
    })
    .refine(({ classes, cells, rows }) => {
      const isClass = (label: number) => label < classes.length;
      return (
        cells.length % 3 === 0 &&
        cells.every((value, at) => at % 3 === 2 || isClass(value)) &&
        rows.label.every(isClass) &&
        rows.taken.every(isClass)
      );
    }),
]);

const judgementSchema = z.object({
  version: z.literal(1),
  model: z.object({
    kind: z.enum(['result', 'checkpoint']),
    path: z.string(),
    bytes: whole,
    modified: whole,
  }),
  time: timeSchema,
  engine: z.string(),
  samples: whole,
  metrics: z.record(z.string(), z.number()),
  notes: z.array(z.string()),
  answers: answersSchema,
});

/** What is kept of a run's judgement; `undefined` where there is none, or none that can be read: it is made anew. */
export async function readJudgement(run: string): Promise<Judgement | undefined> {
  const value = await readJsonFile(path.join(run, RUN_FILES.judgement), LARGEST_JUDGEMENT).catch(
    () => undefined,
  );
  const parsed = judgementSchema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

/** Replaced whole, so that whoever reads it sees the old one or the new one. @throws Failure `FILE_WRITE` */
export async function writeJudgement(run: string, judgement: Judgement): Promise<void> {
  await replaceWhole(path.join(run, RUN_FILES.judgement), (temporary) =>
    writeFile(temporary, JSON.stringify(judgement)),
  );
}
