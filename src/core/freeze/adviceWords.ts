import type { AdvisedData, Strategy } from './advisor';
import { t } from '../../l10n/translate';

/** Advice as people read it: each a sentence or two. */
export interface AdviceWords {
  readonly title: string;
  readonly what: string;
  readonly why: string;
  readonly risk: string;
  readonly batchNormalization: string;
  /** Where the likeness is not known: how to find out. */
  readonly doubt?: string;
}

interface AdviceFacts {
  readonly strategy: Strategy;
  readonly data: AdvisedData;
  /** How many of so many stages with weights are trained in the end. */
  readonly opened: number;
  readonly stages: number;
  readonly cutAfter: string | undefined;
  /** Whether the model gets a head, having none for so many classes. */
  readonly isNewHead: boolean;
  readonly hasBatchNormalization: boolean;
}

export function adviceWords(facts: AdviceFacts): AdviceWords {
  const doubt = facts.data.likeness === 'unknown' && {
    doubt: t(
      'How like the images are is not known, so the backbone is trusted first; should the validation accuracy stay low, they are different: ask again with that.',
    ),
  };
  return {
    ...SAID[facts.strategy](facts),
    batchNormalization: ofBatchNormalization(facts),
    ...doubt,
  };
}

type Said = Omit<AdviceWords, 'batchNormalization' | 'doubt'>;

const SAID: Readonly<Record<Strategy, (facts: AdviceFacts) => Said>> = {
  trainHead: ({ data, isNewHead }) => ({
    title: t('Train the head'),
    what: t(
      'Freeze the backbone and train {0} on its features.',
      isNewHead ? t('a new head for {0} classes', data.classes) : t('the head'),
    ),
    why: t(
      '{0} are few: too few to move the backbone without learning them by heart, and its features fit images like those it has seen.',
      amount(data),
    ),
    risk: t(
      'The head can still learn few images by heart: watch the validation loss, which ends the training when it rises.',
    ),
  }),
  openLastStages: ({ data, opened, stages, isNewHead }) => ({
    title: t('Train the head, then open the last stages'),
    what: t(
      'Train {0} on the frozen backbone, then open {1} at a hundredth of the rate.',
      isNewHead ? t('a new head') : t('the head'),
      theLast(opened, stages),
    ),
    why: t(
      '{0} are plenty: enough to fit the last features, which are about what was seen before, to what they are needed for now.',
      amount(data),
    ),
    risk: t(
      'At too high a rate the opened stages forget what they knew: keep the rate of the second phase low.',
    ),
  }),
  cutEarlier: ({ data, opened, stages, cutAfter }) => ({
    title: cutAfter === undefined ? t('Train a shallow head') : t('Cut earlier, with a shallow head'),
    what: cutAndOpen(
      cutAfter === undefined
        ? t('No earlier stage ends in one layer to cut after: train a shallow head on the frozen backbone')
        : t('Cut after {0}, train a shallow head on what is left', cutAfter),
      opened,
      stages,
    ),
    why: t(
      '{0} are few, and unlike what the backbone has seen: its last features say little of them, its earlier ones, of edges and textures, do.',
      amount(data),
    ),
    risk: t(
      'This is the hardest case: a cut too early leaves too little to tell the classes by, and more images help more than any setting.',
    ),
  }),
  trainAll: ({ data }) => ({
    title: t('Train all, from the pretrained weights'),
    what: t(
      'Freeze nothing: train every layer from its pretrained weights, at a tenth of the usual rate that rises over the first epoch.',
    ),
    why: t(
      '{0} are plenty, and unlike what the backbone has seen: all of its features may change, and they are still a better start than chance.',
      amount(data),
    ),
    risk: t(
      'It takes the most time and memory, and too high a rate wastes the pretrained weights in the first steps.',
    ),
  }),
};

function ofBatchNormalization({ strategy, opened, hasBatchNormalization }: AdviceFacts): string {
  if (!hasBatchNormalization) return t('The model has no BatchNormalization to decide about.');
  if (strategy === 'trainAll') {
    return t(
      'BatchNormalization trains too and its statistics become those of these images: keep batches at 16 or more.',
    );
  }
  return opened > 0
    ? t(
        'BatchNormalization is frozen with its stages and goes by its stored statistics, also in the stages that are opened: small batches would spoil them.',
      )
    : t('BatchNormalization is frozen with its stages and goes by its stored statistics.');
}

const cutAndOpen = (cut: string, opened: number, stages: number): string =>
  opened > 0 ? t('{0}, then open {1} with the first still frozen.', cut, theLast(opened, stages)) : `${cut}.`;

function theLast(opened: number, stages: number): string {
  if (opened === stages) return stages === 1 ? t('the one stage') : t('all {0} stages', stages);
  return opened === 1 ? t('the last of {0} stages', stages) : t('the last {0} of {1} stages', opened, stages);
}

function amount({ images, classes }: AdvisedData): string {
  const each = Math.round(images / classes);
  return each === 1
    ? t('{0} images, one a class,', shown(images))
    : t('{0} images, about {1} a class,', shown(images), shown(each));
}

const shown = (value: number) => value.toLocaleString('en-US');
