import type { GalleryLibrary, GalleryPreprocess, GalleryResult } from '../../src/protocol/gallery';
import { t } from '../../src/l10n/translate';

export const LIBRARIES: Readonly<Record<GalleryLibrary, { readonly name: string; readonly note: string }>> = {
  keras: {
    name: 'Keras',
    note: t('keras.applications, with its published .h5 weights'),
  },
  torchvision: {
    name: 'torchvision',
    note: t("PyTorch's state dicts, their weights transposed for Keras layers"),
  },
};

/** What pixels are to be: in a word, and in a sentence. */
export const PREPROCESSING: Readonly<
  Record<GalleryPreprocess, { readonly mode: string; readonly note: string }>
> = {
  none: { mode: '0…255', note: t('Takes pixels from 0 to 255; the model scales them itself.') },
  unit: { mode: '0…1', note: t('Takes pixels from 0 to 1 (unit).') },
  tf: { mode: '−1…1', note: t('Takes pixels from −1 to 1 (tf).') },
  caffe: { mode: t('BGR − mean'), note: t('Takes BGR pixels less the mean of ImageNet (caffe).') },
  torch: {
    mode: t('ImageNet norm'),
    note: t('Takes pixels less the mean of ImageNet, over its deviation (torch).'),
  },
  own: {
    mode: t('own formula'),
    note: t('Takes pixels by a formula of its own, which comes with the model.'),
  },
};

/** `25.6 M` */
export const millions = (count: number): string => `${(count / 1e6).toFixed(1)} M`;

/** `98 MB`: what a list needs. */
export function roughSize(bytes: number): string {
  const megabytes = bytes / 1024 ** 2;
  return megabytes < 1000
    ? `${megabytes.toFixed(megabytes < 10 ? 1 : 0)} MB`
    : `${(megabytes / 1024).toFixed(1)} GB`;
}

export const pixels = ([height, width]: readonly [number, number]): string => `${height} × ${width}`;

export const percent = (share: number): string => `${share.toFixed(1)} %`;

/** `7 × 7 × 2048`, an unknown size as Keras writes it. */
export function shapeText(output: GalleryResult['output']): string {
  const sizes = output.slice(1);
  return sizes.length === 0 ? t('unknown') : sizes.map((size) => size ?? t('any')).join(' × ');
}
