import { Failure } from '../../core/failure';
import type { Shape } from '../../core/graph/layerGraph';
import type { ZooOptions } from '../architecture';
import { t } from '../../l10n/translate';

/** Options with nothing left out. */
export interface BuildOptions {
  readonly includeTop: boolean;
  readonly pooling: 'avg' | 'max' | null;
  /** Height, width and the three channels. */
  readonly input: Shape;
  readonly classes: number;
  readonly classifierActivation: string | null;
  readonly pretrained: boolean;
}

/** Of the published classifiers: the classes of ImageNet's challenge. */
const IMAGENET_CLASSES = 1000;

/** More than any data set has; a typing error would make a layer that no memory holds. */
const MAX_CLASSES = 1_000_000;

/** Wider than any camera's pictures; shapes are multiplied, and must stay exact. */
const MAX_INPUT_SIZE = 65_536;

/** Of square inputs, in pixels: the least that Keras takes, and its defaults; `null` is any size. */
export interface InputSizes {
  readonly least: number;
  readonly withTop: number | null;
  readonly withoutTop: number | null;
}

/**
 * Options with Keras's defaults, refused where Keras refuses them.
 * @throws Failure `ZOO_INPUT_SIZE`, `ZOO_CLASSES`, `ZOO_ACTIVATION`
 */
export function completeOptions(
  name: string,
  { least, withTop, withoutTop }: InputSizes,
  options: ZooOptions,
): BuildOptions {
  const { includeTop = true, pooling = null, classes = IMAGENET_CLASSES, pretrained = false } = options;
  const size = includeTop ? withTop : withoutTop;
  const { classifierActivation = 'softmax', inputSize = [size, size] } = options;
  for (const side of inputSize) {
    const known =
      side === null ? size === null : Number.isInteger(side) && side >= least && side <= MAX_INPUT_SIZE;
    if (!known) throw wrongSize(name, inputSize, least, size !== null);
  }
  const refuse = (code: string, found: string, expected: string) =>
    new Failure('usage', code, t('{0}: found {1}, expected {2}', name, found, expected));
  if (!Number.isInteger(classes) || classes < 1 || classes > MAX_CLASSES) {
    throw refuse('ZOO_CLASSES', t('{0} classes', classes), t('a whole number from 1 to {0}', MAX_CLASSES));
  }
  if (includeTop && pretrained && classes !== IMAGENET_CLASSES) {
    const expected = t(
      '{0}, which the published top has; leave the top out, or start from random weights',
      IMAGENET_CLASSES,
    );
    throw refuse('ZOO_CLASSES', t('{0} classes', classes), expected);
  }
  if (includeTop && pretrained && classifierActivation !== null && classifierActivation !== 'softmax') {
    throw refuse('ZOO_ACTIVATION', classifierActivation, t('softmax or none, for which the top was trained'));
  }
  return { includeTop, pooling, input: [...inputSize, 3], classes, classifierActivation, pretrained };
}

function wrongSize(
  name: string,
  inputSize: readonly (number | null)[],
  least: number,
  mustBeKnown: boolean,
): Failure {
  const found = inputSize.map((side) => side ?? t('any')).join(' × ');
  const message = mustBeKnown
    ? t(
        '{0}: found an input of {1} pixels, expected whole sizes from {2} × {2} to {3}; height and width must be known',
        name,
        found,
        least,
        MAX_INPUT_SIZE,
      )
    : t(
        '{0}: found an input of {1} pixels, expected whole sizes from {2} × {2} to {3}',
        name,
        found,
        least,
        MAX_INPUT_SIZE,
      );
  return new Failure('usage', 'ZOO_INPUT_SIZE', message);
}
