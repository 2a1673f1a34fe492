import { ALL_OPEN } from './allOpen';
import { Failure } from '../failure';
import { headLayers, type SpatialAxes } from '../surgery/head';
import type { Operation } from '../surgery/recipe';
import { adviceWords, type AdviceWords } from './adviceWords';
import { backboneParts, type AdvisedLayer, type BackboneParts } from './backboneParts';
import type { FreezeRule } from './rule';
import { firstStagesFrozen } from './stages';
import { t } from '../../l10n/translate';

export type { AdvisedLayer } from './backboneParts';

/**
 * The four strategies of transfer learning as they are taught (Stanford's CS231n, "Transfer Learning": small or large
 * data, alike or not).
 */
export type Strategy = 'trainHead' | 'openLastStages' | 'cutEarlier' | 'trainAll';

/** How like the images are to those that the backbone has seen. */
export type Likeness = 'similar' | 'different' | 'unknown';

export interface AdvisedData {
  readonly images: number;
  readonly classes: number;
  readonly likeness: Likeness;
}

export interface AdvisedModel {
  readonly layers: readonly AdvisedLayer[];
  /** Where a recipe has cut the model already: advice that was followed is not followed a second time. */
  readonly cuts?: readonly string[];
}

/** What advice says of the training: one phase, and one after it with some of the last stages open. */
export interface AdvisedTraining {
  readonly optimizer: 'adam';
  readonly learningRate: number;
  readonly epochs: number;
  readonly batchNorm: 'train' | 'inference';
  readonly schedule: { readonly kind: 'cosine'; readonly warmup: { readonly epochs: number } } | undefined;
  readonly earlyStopping: { readonly patience: number; readonly restoreBest: boolean };
  readonly fineTune:
    { readonly stages: number; readonly learningRate: number; readonly epochs: number } | undefined;
}

/** A strategy for one model and its images, as values that recipe and plan are made of. */
export interface Advice {
  readonly strategy: Strategy;
  readonly words: AdviceWords;
  /** For the recipe: a cut, a new head, nothing where the model answers with these classes already. */
  readonly operations: readonly Operation[];
  /** They say of every layer what becomes of it, in the first phase. */
  readonly freeze: readonly FreezeRule[];
  /** Of the second phase, where there is one. */
  readonly laterFreeze: readonly FreezeRule[] | undefined;
  readonly training: AdvisedTraining;
}

/** What there must be of both to be plenty. */
export const PLENTY = {
  /** What TensorFlow's tutorial "Transfer learning and fine-tuning" opens the last layers of MobileNetV2 for. */
  images: 2000,
  /** What CIFAR-100 has to train on, which networks are commonly trained on as a whole. */
  imagesOfClass: 500,
} as const;

/** Adam's rates: Keras's guide "Transfer learning & fine-tuning" trains a head at 1e-3 and what is opened then at 1e-5. */
export const HEAD_RATE = 1e-3;
export const OPENED_RATE = 1e-5;
/** A tenth of the usual rate, as TensorFlow's tutorial has it for what is pretrained. */
export const WHOLE_RATE = 1e-4;

/** Of each phase, as in TensorFlow's tutorial; early stopping ends one that needs fewer. */
const EPOCHS = 10;
/** All of a network moves slowly, and there are images enough. */
const WHOLE_EPOCHS = 30;
/** The first steps of a new head send large gradients into all that is below it. */
const WARMUP_EPOCHS = 1;
const PATIENCE = 3;
/** Of the classifier's input: the rate of Keras's guide and TensorFlow's tutorial. */
const DROPOUT = 0.2;
/** The share of the stages that is opened: ResNet50's last two of five, MobileNetV2's too. */
const OPENED_SHARE = 1 / 3;

/**
 * Which of the taught strategies fits these images, and what it is for this model.
 *
 * @throws Failure `ADVISOR_DATA` for fewer than two classes or images than classes; `ADVISOR_MODEL` for a model that
 * does not go from one input to one output, or has no layer with a spatial resolution
 */
export function advise(model: AdvisedModel, data: AdvisedData): Advice {
  refuseData(data);
  const parts = partsOf(model);
  const strategy = strategyFor(data);
  const plan = planOf(strategy, model, parts, data.classes);
  const hasBatchNormalization = plan.kept.some(({ kind }) => kind === 'BatchNormalization');
  const { operations, freeze, laterFreeze, training, opened, stages, cutAfter } = plan;
  const isNewHead = operations.some(({ op }) => op === 'append');
  const words = adviceWords({ strategy, data, opened, stages, cutAfter, isNewHead, hasBatchNormalization });
  return { strategy, words, operations, freeze, laterFreeze, training };
}

/** With nothing known of the likeness the backbone is trusted first: that takes the least time, and shows how far it goes. */
export function strategyFor({ images, classes, likeness }: AdvisedData): Strategy {
  const plenty = images >= PLENTY.images && images / classes >= PLENTY.imagesOfClass;
  if (likeness === 'different') return plenty ? 'trainAll' : 'cutEarlier';
  return plenty ? 'openLastStages' : 'trainHead';
}

function planOf(
  strategy: Strategy,
  model: AdvisedModel,
  { end, weighted, endOf }: BackboneParts,
  classes: number,
) {
  const isCut = model.cuts?.includes(end.name) ?? false;
  const kept = weighted.at(-2);
  const cut = strategy === 'cutEarlier' && !isCut && kept !== undefined ? endOf(kept) : undefined;
  const place = cut ?? end;
  const isReplaced = cut !== undefined || answersFor(model) !== classes;
  const operations: readonly Operation[] = [
    ...(cut ? [{ op: 'cut' as const, after: cut.name }] : []),
    ...(isReplaced ? [headOn(place, classes)] : []),
  ];
  const present = isReplaced ? [place] : model.layers;
  const last = present.reduce((most, { stage }) => Math.max(most, stage), 0);
  const open = weighted.filter((stage) => stage <= place.stage);
  const opened = openedOf(strategy, open);
  const firstOpen = open.at(-opened) ?? 0;
  const isOpenedLater = opened > 0 && strategy !== 'trainAll';
  const fineTune = isOpenedLater
    ? { stages: last - firstOpen + 1, learningRate: OPENED_RATE, epochs: EPOCHS }
    : undefined;
  return {
    operations,
    opened,
    stages: open.length,
    cutAfter: isCut && strategy === 'cutEarlier' ? end.name : cut?.name,
    kept: model.layers.filter(({ stage }) => stage <= place.stage),
    freeze: strategy === 'trainAll' ? [ALL_OPEN] : [ALL_OPEN, { match: { upTo: place.name } }],
    laterFreeze: isOpenedLater ? firstStagesFrozen(firstOpen) : undefined,
    training: trainingFor(strategy, fineTune),
  };
}

/** How many of the stages with weights are trained, in the end. */
function openedOf(strategy: Strategy, weighted: readonly number[]): number {
  switch (strategy) {
    case 'trainHead':
      return 0;
    case 'openLastStages':
      return Math.max(Math.round(weighted.length * OPENED_SHARE), 1);
    case 'cutEarlier':
      // Few images for it: one, and none where that would be all there is.
      return weighted.length > 1 ? 1 : 0;
    case 'trainAll':
      return weighted.length;
  }
}

function trainingFor(strategy: Strategy, fineTune: AdvisedTraining['fineTune']): AdvisedTraining {
  const isWhole = strategy === 'trainAll';
  return {
    optimizer: 'adam',
    learningRate: isWhole ? WHOLE_RATE : HEAD_RATE,
    epochs: isWhole ? WHOLE_EPOCHS : EPOCHS,
    batchNorm: 'train',
    schedule: isWhole ? { kind: 'cosine', warmup: { epochs: WARMUP_EPOCHS } } : undefined,
    earlyStopping: { patience: PATIENCE, restoreBest: true },
    fineTune,
  };
}

function headOn({ name, outputShape }: AdvisedLayer, classes: number): Operation {
  const axes = (outputShape?.length ?? 4) - 2;
  const spatial: SpatialAxes = axes === 1 || axes === 3 ? axes : 2;
  const head = { hiddenUnits: [], dropout: DROPOUT, classes, activation: 'softmax' } as const;
  return { op: 'append', after: name, layers: headLayers({ ...head, pooling: 'average' }, spatial) };
}

/** How many classes the model answers for; undefined where its output is no row of scores. */
function answersFor({ layers }: AdvisedModel): number | null | undefined {
  const shape = layers.find(({ isOutput }) => isOutput)?.outputShape;
  return shape?.length === 2 ? shape[1] : undefined;
}

function partsOf({ layers }: AdvisedModel): BackboneParts {
  const inputs = layers.filter(({ isInput }) => isInput).length;
  const outputs = layers.filter(({ isOutput }) => isOutput).length;
  if (inputs !== 1 || outputs !== 1) {
    throw unadvised(t('found {0} inputs and {1} outputs, expected one of each', inputs, outputs));
  }
  const parts = backboneParts(layers);
  if (!parts || parts.weighted.length === 0) {
    throw unadvised(
      t('found no layer with weights and a spatial resolution, expected a backbone for images'),
    );
  }
  return parts;
}

const unadvised = (found: string) =>
  new Failure('input', 'ADVISOR_MODEL', t('{0}; the strategies are about such models', found));

function refuseData({ images, classes }: AdvisedData): void {
  if (classes < 2) {
    throw new Failure(
      'usage',
      'ADVISOR_DATA',
      t('found {0} classes, expected at least two to tell apart', classes),
    );
  }
  if (images < classes) {
    throw new Failure(
      'usage',
      'ADVISOR_DATA',
      t('found {0} images for {1} classes, expected at least one of each class', images, classes),
    );
  }
}
