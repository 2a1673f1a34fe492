import * as z from 'zod';
import type { TrainingForm } from '../../protocol/editor';
import { t } from '../../l10n/translate';

/** Any at all: which of them a plan can have, the plan's own check says, in words about the form. */
const number = z.custom<number>((value) => typeof value === 'number', { error: t('a number') });

/** What the form takes over from a plan as it is. */
const partOfPlan = <Part>() =>
  z
    .custom<NonNullable<Part>>((value) => typeof value === 'object' && value !== null, {
      error: t('an object in { }'),
    })
    .optional();

/** Loose: a form that an older page remembered may hold what this version does not know. */
export const trainingFormSchema: z.ZodType<TrainingForm> = z.looseObject({
  dataFolder: z.string(),
  epochs: number,
  batchSize: number.optional(),
  seed: number.optional(),
  optimizer: z.enum(['sgd', 'rmsprop', 'adam', 'adamw']),
  learningRate: number,
  validation: number,
  preprocess: z.enum(['none', 'unit', 'tf', 'caffe', 'torch']),
  batchNorm: z.enum(['train', 'inference']).optional(),
  labelSmoothing: number.optional(),
  classWeights: z.literal('balanced').optional(),
  cacheFeatures: z.enum(['auto', 'off']).optional(),
  earlyStopping: partOfPlan<TrainingForm['earlyStopping']>(),
  checkpoint: partOfPlan<TrainingForm['checkpoint']>(),
  schedule: partOfPlan<TrainingForm['schedule']>(),
  augment: partOfPlan<TrainingForm['augment']>(),
  fineTune: z.strictObject({ stages: number, learningRate: number, epochs: number }).optional(),
});
