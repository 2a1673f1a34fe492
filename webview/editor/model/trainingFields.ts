import type { FormSchedule, TrainingForm } from '../../../src/protocol/editor';
import { t } from '../../../src/l10n/translate';

/** A number of the form, as people type it. */
interface NumberSpec {
  /** What the field takes, in words and as a test. */
  readonly expected: string;
  readonly accepts: (typed: number) => boolean;
  /** Typed for one in the form: 100 for a share in percent. */
  readonly per?: number;
  /** Undefined where the form has no such number now: its field is not there either. */
  readonly get: (form: TrainingForm) => number | undefined;
  readonly put: (form: TrainingForm, value: number) => TrainingForm;
}

const whole = (least: number) => ({
  expected: t('a whole number from {0}', least),
  accepts: (n: number) => Number.isInteger(n) && n >= least,
});

const rate = { expected: t('a number above 0'), accepts: (n: number) => n > 0 };

const percent = {
  expected: t('a share from 0 to 99 %'),
  accepts: (n: number) => n >= 0 && n < 100,
  per: 100,
};

type Change = 'rotate' | 'zoom' | 'shift' | 'brightness' | 'contrast';

/** How far images are changed either way; what changes nothing is left out. */
const augmentation = (change: Change) => ({
  get: ({ augment }: TrainingForm) => augment?.[change] ?? 0,
  put: (form: TrainingForm, value: number) => ({
    ...form,
    augment: { ...form.augment, [change]: value === 0 ? undefined : value },
  }),
});

const specs = {
  epochs: { ...whole(1), get: (form) => form.epochs, put: (form, epochs) => ({ ...form, epochs }) },
  batchSize: {
    ...whole(1),
    get: (form) => form.batchSize ?? 32,
    put: (form, batchSize) => ({ ...form, batchSize }),
  },
  learningRate: {
    ...rate,
    get: (form) => form.learningRate,
    put: (form, learningRate) => ({ ...form, learningRate }),
  },
  validation: {
    ...percent,
    get: (form) => form.validation,
    put: (form, validation) => ({ ...form, validation }),
  },
  seed: { ...whole(0), get: (form) => form.seed ?? 42, put: (form, seed) => ({ ...form, seed }) },
  warmup: {
    expected: t('a number from 0'),
    accepts: (n) => n >= 0,
    get: ({ schedule }) => (schedule?.kind === 'oneCycle' ? undefined : warmupOf(schedule)),
    put: (form, epochs) => ({ ...form, schedule: withWarmup(form.schedule, epochs) }),
  },
  factor: {
    expected: t('a number between 0 and 1'),
    accepts: (n) => n > 0 && n < 1,
    get: ({ schedule }) => (schedule?.kind === 'reduceOnPlateau' ? schedule.factor : undefined),
    put: (form, factor) => ofPlateau(form, { factor }),
  },
  plateau: {
    ...whole(1),
    get: ({ schedule }) => (schedule?.kind === 'reduceOnPlateau' ? schedule.patience : undefined),
    put: (form, patience) => ofPlateau(form, { patience }),
  },
  patience: {
    ...whole(0),
    get: ({ earlyStopping }) => earlyStopping && (earlyStopping.patience ?? 0),
    put: (form, patience) => ({ ...form, earlyStopping: { ...form.earlyStopping, patience } }),
  },
  rotate: {
    expected: t('degrees from 0 to 360'),
    accepts: (n) => n >= 0 && n <= 360,
    per: 360,
    ...augmentation('rotate'),
  },
  zoom: { ...percent, ...augmentation('zoom') },
  shift: { ...percent, ...augmentation('shift') },
  brightness: { ...percent, ...augmentation('brightness') },
  contrast: { ...percent, ...augmentation('contrast') },
  labelSmoothing: {
    expected: t('a number from 0, below 1'),
    accepts: (n) => n >= 0 && n < 1,
    get: (form) => form.labelSmoothing ?? 0,
    put: (form, value) => ({ ...form, labelSmoothing: value === 0 ? undefined : value }),
  },
  checkpoint: {
    ...whole(0),
    get: ({ checkpoint }) => (checkpoint ? (checkpoint.every ?? 1) : 0),
    put: (form, every) => ({ ...form, checkpoint: every === 0 ? undefined : { every } }),
  },
  tunedStages: {
    ...whole(1),
    get: ({ fineTune }) => fineTune?.stages,
    put: (form, stages) => tuning(form, { stages }),
  },
  tunedEpochs: {
    ...whole(1),
    get: ({ fineTune }) => fineTune?.epochs,
    put: (form, epochs) => tuning(form, { epochs }),
  },
  tunedRate: {
    ...rate,
    get: ({ fineTune }) => fineTune?.learningRate,
    put: (form, learningRate) => tuning(form, { learningRate }),
  },
} satisfies Record<string, NumberSpec>;

export type NumberField = keyof typeof specs;

export const NUMBER_FIELDS: Readonly<Record<NumberField, NumberSpec>> = specs;

/** Fields of the form as they were typed, those that were. */
export type FormTexts = Readonly<Partial<Record<NumberField, string>>>;

/** The form's number in a field; undefined where it is none that the field takes. */
export function readNumber(field: NumberField, text: string): number | undefined {
  const { accepts, per = 1 } = NUMBER_FIELDS[field];
  const typed = text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(typed) && accepts(typed) ? typed / per : undefined;
}

/** What stands in a field: what was typed, unless the form has come to hold another number since. */
export function textOf(form: TrainingForm, field: NumberField, texts: FormTexts): string {
  const { get, per = 1 } = NUMBER_FIELDS[field];
  const typed = texts[field];
  const value = get(form);
  const read = typed === undefined ? undefined : readNumber(field, typed);
  if (typed !== undefined && (read === undefined || read === value)) return typed;
  // A share such as 0.07 is 7.000000000000001 % in floating point.
  return value === undefined ? '' : String(per === 1 ? value : Number((value * per).toFixed(4)));
}

/** Whether a field that the form shows has no number that it takes. */
export function hasWrongNumber(form: TrainingForm, texts: FormTexts): boolean {
  return (Object.keys(specs) as NumberField[]).some(
    (field) =>
      NUMBER_FIELDS[field].get(form) !== undefined &&
      readNumber(field, textOf(form, field, texts)) === undefined,
  );
}

export type ScheduleKind = FormSchedule['kind'];

/** A schedule of another kind, with the warm-up of the one before. */
export function withSchedule(form: TrainingForm, kind: ScheduleKind): TrainingForm {
  const warmup = warmupOf(form.schedule);
  const plain: FormSchedule =
    kind === 'reduceOnPlateau' ? { kind, factor: PLATEAU.factor, patience: PLATEAU.patience } : { kind };
  return { ...form, schedule: kind === 'oneCycle' ? plain : withWarmup(plain, warmup) };
}

/** Keras's ten epochs without an improvement are more than most fine-tuning takes. */
const PLATEAU = { factor: 0.5, patience: 2 };

function warmupOf(schedule: TrainingForm['schedule']): number {
  if (!schedule || schedule.kind === 'oneCycle' || !schedule.warmup) return 0;
  return 'epochs' in schedule.warmup ? schedule.warmup.epochs : 0;
}

function withWarmup(schedule: TrainingForm['schedule'], epochs: number): TrainingForm['schedule'] {
  const before: FormSchedule = schedule ?? { kind: 'constant' };
  if (before.kind === 'oneCycle') return before;
  // A rate that never changes is what there is without a schedule.
  if (before.kind === 'constant' && epochs === 0) return undefined;
  return { ...before, warmup: epochs === 0 ? undefined : { epochs } };
}

function ofPlateau(
  form: TrainingForm,
  change: { readonly factor?: number; readonly patience?: number },
): TrainingForm {
  const { schedule } = form;
  return schedule?.kind === 'reduceOnPlateau' ? { ...form, schedule: { ...schedule, ...change } } : form;
}

function tuning(form: TrainingForm, change: Partial<TrainingForm['fineTune']>): TrainingForm {
  return form.fineTune ? { ...form, fineTune: { ...form.fineTune, ...change } } : form;
}

/** What the usual second phase begins with: the last third of the stages, at a hundredth of the first one's rate. */
export function usualFineTuning(form: TrainingForm, stages: number): NonNullable<TrainingForm['fineTune']> {
  return {
    stages: Math.max(Math.round(stages / 3), 1),
    learningRate: Number((form.learningRate / 100).toPrecision(3)),
    epochs: form.epochs,
  };
}

/** What is on of all that is out of sight while it is folded away, in words. */
export function extrasOf(form: TrainingForm): readonly string[] {
  const { schedule, earlyStopping, augment = {}, labelSmoothing, classWeights, checkpoint } = form;
  const changes = Object.values(augment).some((value) => value !== undefined && value !== 0);
  return [
    ...(schedule && schedule.kind !== 'constant' ? [SCHEDULE_WORDS[schedule.kind]] : []),
    ...(warmupOf(schedule) > 0 ? [t('warm-up')] : []),
    ...(earlyStopping ? [t('early stopping')] : []),
    ...(changes ? [t('augmentation')] : []),
    ...(labelSmoothing ? [t('label smoothing')] : []),
    ...(classWeights ? [t('balanced classes')] : []),
    ...(checkpoint ? [t('checkpoints')] : []),
    ...(form.cacheFeatures === 'off' ? [t('no feature cache')] : []),
  ];
}

const SCHEDULE_WORDS: Readonly<Record<Exclude<ScheduleKind, 'constant'>, string>> = {
  cosine: t('cosine'),
  oneCycle: t('one cycle'),
  reduceOnPlateau: t('reduce on plateau'),
};
