import { showSize } from '../../core/summary/amounts';
import type { ZooOptions } from '../../zoo/architecture';
import { showParameters, showPreprocess, type ZooRow } from '../../zoo/describe';

/** A line of the gallery: an architecture, or the name of the family that follows. */
export type GalleryItem =
  | { readonly family: string }
  | {
      readonly name: string;
      readonly label: string;
      readonly description: string;
      readonly detail: string;
    };

/** What preprocessing people have to know of: the rest is done in the model. */
const PREPROCESSING: Readonly<Record<string, string>> = {
  none: 'takes pixels from 0 to 255',
  unit: 'takes pixels from 0 to 1 (unit)',
  tf: 'takes pixels from −1 to 1 (tf)',
  caffe: 'takes BGR less the mean of ImageNet (caffe)',
  torch: 'takes pixels normalised as in PyTorch (torch)',
  own: 'takes pixels by a formula of its own',
};

/** The gallery: families as the zoo has them, the architectures of one together. */
export function galleryItems(rows: readonly ZooRow[]): readonly GalleryItem[] {
  const families = [...new Set(rows.map(({ family }) => family))];
  return families.flatMap((family) => [
    { family },
    ...rows.filter((row) => row.family === family).map(itemOf),
  ]);
}

function itemOf(row: ZooRow): GalleryItem {
  const { name, parameters, bytes, top1, input, preprocess, licence, cached } = row;
  return {
    name,
    label: `$(${cached ? 'pass-filled' : 'cloud-download'}) ${name}`,
    description: [
      `${showParameters(parameters)} parameters`,
      showSize(bytes),
      ...(top1 === undefined ? [] : [`top-1 ${top1.toFixed(1)} %`]),
    ].join(' · '),
    detail: [
      input.join('×'),
      PREPROCESSING[showPreprocess(preprocess)] ?? '',
      licence,
      ...(cached ? ['downloaded'] : []),
    ].join(' · '),
  };
}

/** What of an architecture somebody wants. */
export interface PartChoice {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly options: ZooOptions;
}

export const PARTS: readonly PartChoice[] = [
  {
    label: '$(layers) Feature maps',
    description: 'without the top',
    detail: 'Ready for a head of your own: Graft Head… puts pooling and classes on it.',
    options: { includeTop: false },
  },
  {
    label: '$(symbol-numeric) Feature vector, averaged',
    description: 'without the top, pooling avg',
    detail: 'One number a channel: the average over the image.',
    options: { includeTop: false, pooling: 'avg' },
  },
  {
    label: '$(symbol-numeric) Feature vector, largest',
    description: 'without the top, pooling max',
    detail: 'One number a channel: the largest over the image.',
    options: { includeTop: false, pooling: 'max' },
  },
  {
    label: '$(symbol-class) Whole classifier',
    description: 'with the top',
    detail: 'The 1000 classes of ImageNet.',
    options: { includeTop: true },
  },
];

/** Where the numbers come from. */
export interface WeightsChoice {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
  readonly random: boolean;
}

/**
 * @param cached the file of weights is here
 * @param trusted the workspace is: nothing is fetched for one that is not
 */
export function weightsChoices(row: ZooRow, cached: boolean, trusted: boolean): readonly WeightsChoice[] {
  const download = trusted
    ? `Downloads up to ${showSize(row.bytes)}, once for all workspaces.`
    : 'Downloads are off until this workspace is trusted.';
  return [
    {
      label: `$(${cached ? 'pass-filled' : trusted ? 'cloud-download' : 'shield'}) ImageNet`,
      description: row.top1 === undefined ? '' : `top-1 ${row.top1.toFixed(1)} %`,
      detail: cached ? 'The published weights, downloaded already.' : `The published weights. ${download}`,
      random: false,
    },
    {
      label: '$(refresh) Random',
      description: '',
      detail: 'Starts from nothing; nothing is downloaded.',
      random: true,
    },
  ];
}

/** `ResNet50: 34.10 MB of 97.80 MB` */
export function progressText(bytes: number, whole: number | undefined): string {
  return whole === undefined ? showSize(bytes) : `${showSize(bytes)} of ${showSize(whole)}`;
}
