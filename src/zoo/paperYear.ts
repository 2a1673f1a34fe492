import type { ZooEntry } from './architecture';

/** When the paper of a family was first published (arXiv's first version). */
const YEARS: Readonly<Record<string, number>> = {
  VGG: 2014,
  ResNet: 2015,
  ResNetV2: 2016,
  Inception: 2015,
  InceptionResNet: 2016,
  Xception: 2016,
  DenseNet: 2016,
  MobileNet: 2017,
  NASNet: 2017,
  MobileNetV2: 2018,
  MobileNetV3: 2019,
  EfficientNet: 2019,
  EfficientNetV2: 2021,
  ConvNeXt: 2022,
};

/** The year of the paper that an architecture is from; undefined for one that nobody has looked up. */
export function yearOf({ family }: Pick<ZooEntry, 'family'>): number | undefined {
  return YEARS[family];
}
