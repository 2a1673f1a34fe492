import * as z from 'zod';
import { LARGEST_DROPPED, MOST_PICTURES, MOST_PREDICTED, type DroppedImage } from '../../protocol/judging';
import { MOST_COMPARED } from '../../protocol/runComparison';
import type { RunPanelToHost } from '../../protocol/runPanel';
import type { MessageSchemas } from './readMessage';
import { t } from '../../l10n/translate';

/** A run's folder, as the host named it. */
const id = z.string();
const runs = z.array(id).max(MOST_COMPARED);

const ofRun = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), id });

const bytes = z.custom<ArrayBuffer | Uint8Array>(
  (value) =>
    (value instanceof ArrayBuffer || value instanceof Uint8Array) && value.byteLength <= LARGEST_DROPPED,
  { error: t('bytes of an image, at most {0}', LARGEST_DROPPED) },
);

const dropped: z.ZodType<DroppedImage> = z.union([
  z.strictObject({ uri: z.string() }),
  z.strictObject({ name: z.string(), bytes }),
]);

/** What the run panel's page may ask of the host. */
export const runPanelMessages: MessageSchemas<RunPanelToHost> = {
  ready: z.strictObject({ type: z.literal('ready'), protocol: z.int() }),
  show: ofRun('show'),
  stop: ofRun('stop'),
  steer: z.strictObject({
    type: z.literal('steer'),
    id,
    message: z.discriminatedUnion('type', [
      z.strictObject({ type: z.literal('pause') }),
      z.strictObject({ type: z.literal('resume') }),
      z.strictObject({ type: z.literal('saveCheckpoint') }),
      z.strictObject({ type: z.literal('setLearningRate'), learningRate: z.number().positive() }),
    ]),
  }),
  resumeRun: ofRun('resumeRun'),
  trainLonger: ofRun('trainLonger'),
  startAgain: ofRun('startAgain'),
  openResult: ofRun('openResult'),
  revealFolder: ofRun('revealFolder'),
  openInTab: z.strictObject({ type: z.literal('openInTab') }),
  exportMetrics: ofRun('exportMetrics'),
  exportReport: ofRun('exportReport'),
  exportModel: ofRun('exportModel'),
  saveChart: z.strictObject({
    type: z.literal('saveChart'),
    id,
    metric: z.string(),
    extension: z.enum(['svg', 'png']),
    content: z.string(),
  }),
  askHealth: ofRun('askHealth'),
  openLog: ofRun('openLog'),
  trainAgain: ofRun('trainAgain'),
  deleteRun: ofRun('deleteRun'),
  compareRuns: z.strictObject({
    type: z.literal('compareRuns'),
    ids: runs,
    known: runs,
    monitor: z.string().nullable(),
  }),
  copyComparison: z.strictObject({ type: z.literal('copyComparison'), as: z.enum(['markdown', 'csv']) }),
  lookAtJudgement: ofRun('lookAtJudgement'),
  judge: ofRun('judge'),
  cancelJudging: ofRun('cancelJudging'),
  pictures: z.strictObject({
    type: z.literal('pictures'),
    id,
    wanted: z
      .array(
        z.strictObject({
          of: z.union([z.int().min(0), z.string()]),
          side: z.number().positive(),
        }),
      )
      .max(MOST_PICTURES),
  }),
  predictImages: z.strictObject({
    type: z.literal('predictImages'),
    id,
    from: z.union([
      z.enum(['files', 'folder']),
      z.strictObject({ dropped: z.array(dropped).max(MOST_PREDICTED) }),
    ]),
  }),
  showMovement: ofRun('showMovement'),
};
