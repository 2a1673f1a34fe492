/** Host ↔ the gallery of pretrained models. The host has the zoo, the cache and the downloads; the page asks and shows. */
export const GALLERY_PROTOCOL = 1;

export type GalleryLibrary = 'keras' | 'torchvision';

/** What pixels must be before a model gets them; `own` is a formula of the model's own. */
export type GalleryPreprocess = 'none' | 'unit' | 'tf' | 'caffe' | 'torch' | 'own';

/** A pretrained architecture as people choose by it. */
export interface GalleryModel {
  /** Unique in the zoo. */
  readonly name: string;
  readonly family: string;
  readonly library: GalleryLibrary;
  /** Of the paper that it is from; null where nobody wrote one. */
  readonly year: number | null;
  /** With the published top. */
  readonly parameters: number;
  /** What the numbers of the file with the top take. */
  readonly bytes: number;
  /** In pixels, as it was trained. */
  readonly input: readonly [height: number, width: number];
  readonly leastInput: number;
  /** In per cent of ImageNet's validation images, as its library publishes it. */
  readonly top1: number | null;
  readonly preprocess: GalleryPreprocess;
  /** SPDX. */
  readonly licence: string;
}

/** What of a model somebody wants, as it was typed: the host says what is wrong with it. */
export interface GalleryWish {
  readonly name: string;
  readonly includeTop: boolean;
  /** Without the top. */
  readonly pooling: 'avg' | 'max' | null;
  /** `224`, `224x160` or `any`. */
  readonly inputSize: string;
  /** Of a top that starts from random weights; the published one has its own. */
  readonly classes: number;
  /** From nothing, instead of from ImageNet. */
  readonly random: boolean;
}

/** What a wish comes to. */
export interface GalleryResult {
  /** The batch first, which is null as every size that is not known. */
  readonly output: readonly (number | null)[];
  readonly parameters: number;
  readonly layers: number;
  /** The file that its weights are in; null for random ones. */
  readonly file: {
    /** What its numbers take: nobody publishes the files' sizes. */
    readonly bytes: number;
    readonly cached: boolean;
    /** Bytes of a download that did not come to its end. */
    readonly begun: number;
  } | null;
}

export interface GalleryProblem {
  readonly code: string;
  readonly message: string;
}

export type GalleryJobState =
  /** The server is asked, or a cached file is checked. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'downloading'; readonly bytes: number; readonly whole: number | null }
  /** `share` of 1 is all of it. */
  | { readonly kind: 'writing'; readonly share: number }
  /** Somebody stopped it; what came is kept. */
  | { readonly kind: 'stopped' }
  | ({ readonly kind: 'failed' } & GalleryProblem);

/** A model on its way into the workspace. */
export interface GalleryJob {
  readonly id: number;
  /** The model's name. */
  readonly name: string;
  /** Of the file that it becomes, without its folder. */
  readonly target: string;
  readonly random: boolean;
  readonly state: GalleryJobState;
}

export interface GalleryStore {
  /** The folder where weights are kept. */
  readonly folder: string;
  /** Where they are fetched from instead of where they are published. */
  readonly mirror: string | null;
  /** Nothing is fetched for a workspace that is not trusted. */
  readonly trusted: boolean;
}

export type HostToGallery =
  | {
      readonly type: 'gallery';
      readonly protocol: number;
      readonly models: readonly GalleryModel[];
      readonly cached: readonly string[];
      readonly store: GalleryStore;
      readonly jobs: readonly GalleryJob[];
    }
  /** Names of the models whose weights are here. */
  | { readonly type: 'cached'; readonly cached: readonly string[] }
  /** Every job there is; those that came to their end are gone. */
  | { readonly type: 'jobs'; readonly jobs: readonly GalleryJob[] }
  /** The answer to `describe`. */
  | { readonly type: 'described'; readonly request: number; readonly result: GalleryResult }
  | { readonly type: 'refused'; readonly request: number; readonly problem: GalleryProblem };

export type GalleryToHost =
  | { readonly type: 'ready'; readonly protocol: number }
  /** What would this be? */
  | { readonly type: 'describe'; readonly request: number; readonly wish: GalleryWish }
  /** Makes it a file where people say, and opens it. */
  | { readonly type: 'open'; readonly wish: GalleryWish }
  | { readonly type: 'stop'; readonly id: number }
  /** Tries again what failed or was stopped, to the same file; a download goes on where it ended. */
  | { readonly type: 'again'; readonly id: number }
  /** Takes a job that ended badly off the page. */
  | { readonly type: 'dismiss'; readonly id: number }
  /** A module of TensorFlow Hub, or another SavedModel or TF.js model: the host asks which, and where it goes. */
  | { readonly type: 'openModule' }
  | { readonly type: 'settings'; readonly of: 'mirror' | 'proxy' }
  | { readonly type: 'trust' }
  | { readonly type: 'showLog' };
