import type { ForwardEntry } from './forward';
import { colorTransforms } from './colorAugmentations';
import { compositeTransforms } from './compositeAugmentations';
import { geometricTransforms } from './geometricAugmentations';
import type { ImageTransform } from './imageTransform';
import { mixingTransforms } from './mixingAugmentations';
import { randomCrops } from './randomCrop';
import { batchTones } from './tones';

/** Every layer that changes images at random in training: what it draws, and what it makes of it. */
export const imageTransforms: readonly ImageTransform[] = [
  ...geometricTransforms,
  ...colorTransforms,
  ...mixingTransforms,
  ...compositeTransforms,
  ...randomCrops,
] as readonly ImageTransform[];

/** Every layer that changes images in another way each time that it trains. */
export const augmentations: readonly ForwardEntry[] = [
  ...imageTransforms.map(({ entry }) => entry),
  batchTones,
];
