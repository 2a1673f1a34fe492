import { Failure, nearest } from '../core/failure';
import type { ZooEntry } from './architecture';
import { convnext } from './architectures/convnext';
import { densenet } from './architectures/densenet';
import { efficientnet } from './architectures/efficientnet';
import { efficientnetV2 } from './architectures/efficientnetV2';
import { inceptionResnetV2 } from './architectures/inceptionResnetV2';
import { inceptionV3 } from './architectures/inceptionV3';
import { mobilenet } from './architectures/mobilenet';
import { mobilenetV2 } from './architectures/mobilenetV2';
import { mobilenetV3 } from './architectures/mobilenetV3';
import { nasnet } from './architectures/nasnet';
import { resnet } from './architectures/resnet';
import { torchvisionDensenet } from './architectures/torchvision/densenet';
import { torchvisionEfficientnet } from './architectures/torchvision/efficientnet';
import { torchvisionMobilenetV2 } from './architectures/torchvision/mobilenetV2';
import { torchvisionResnet } from './architectures/torchvision/resnet';
import { torchvisionVgg } from './architectures/torchvision/vgg';
import { vgg } from './architectures/vgg';
import { xception } from './architectures/xception';
import { t } from '../l10n/translate';

const ENTRIES: readonly ZooEntry[] = [
  ...vgg,
  ...resnet,
  ...mobilenet,
  ...mobilenetV2,
  ...mobilenetV3,
  ...inceptionV3,
  ...inceptionResnetV2,
  ...xception,
  ...densenet,
  ...efficientnet,
  ...efficientnetV2,
  ...nasnet,
  ...convnext,
  ...torchvisionVgg,
  ...torchvisionResnet,
  ...torchvisionMobilenetV2,
  ...torchvisionDensenet,
  ...torchvisionEfficientnet,
];

/** Every pretrained architecture, family by family. */
export function zooEntries(): readonly ZooEntry[] {
  return ENTRIES;
}

/**
 * The entry of that name, however it is capitalised.
 * @throws Failure `ZOO_UNKNOWN` that names the nearest one there is
 */
export function zooEntry(name: string): ZooEntry {
  const wanted = name.toLowerCase();
  const entry = ENTRIES.find((candidate) => candidate.name.toLowerCase() === wanted);
  if (entry) return entry;
  const near = nearest(
    name,
    ENTRIES.map((candidate) => candidate.name),
  );
  throw new Failure(
    'usage',
    'ZOO_UNKNOWN',
    near === undefined
      ? t('the zoo has no "{0}"; list it to see what there is', name)
      : t('the zoo has no "{0}"; the nearest is "{1}"', name, near),
  );
}
