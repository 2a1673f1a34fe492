import {
  byField,
  isBoolean,
  isCount,
  isNumber,
  isOneOf,
  isText,
  listOf,
  orNull,
  pairOf,
  withFields,
} from '../../src/protocol/checks';
import type {
  GalleryJob,
  GalleryJobState,
  GalleryModel,
  GalleryProblem,
  GalleryResult,
  GalleryStore,
  HostToGallery,
} from '../../src/protocol/gallery';

/** What the host tells the gallery, checked by its page: a page outlives the extension that made it, and meets the next. */

const isModel = withFields<GalleryModel>({
  name: isText,
  family: isText,
  library: isOneOf('keras', 'torchvision'),
  year: orNull(isCount),
  parameters: isCount,
  bytes: isCount,
  input: pairOf(isCount),
  leastInput: isCount,
  top1: orNull(isNumber),
  preprocess: isOneOf('none', 'unit', 'tf', 'caffe', 'torch', 'own'),
  licence: isText,
});

const isResult = withFields<GalleryResult>({
  output: listOf(orNull(isCount)),
  parameters: isCount,
  layers: isCount,
  file: orNull(withFields({ bytes: isCount, cached: isBoolean, begun: isCount })),
});

const isProblem = withFields<GalleryProblem>({ code: isText, message: isText });

type StateOf<Kind extends GalleryJobState['kind']> = Extract<GalleryJobState, { readonly kind: Kind }>;

const isState = byField<'kind', GalleryJobState>('kind', {
  waiting: withFields<StateOf<'waiting'>>({ kind: isOneOf('waiting') }),
  downloading: withFields<StateOf<'downloading'>>({
    kind: isOneOf('downloading'),
    bytes: isCount,
    whole: orNull(isCount),
  }),
  writing: withFields<StateOf<'writing'>>({ kind: isOneOf('writing'), share: isNumber }),
  stopped: withFields<StateOf<'stopped'>>({ kind: isOneOf('stopped') }),
  failed: withFields<StateOf<'failed'>>({ kind: isOneOf('failed'), code: isText, message: isText }),
});

const isJob = withFields<GalleryJob>({
  id: isCount,
  name: isText,
  target: isText,
  random: isBoolean,
  state: isState,
});

const isStore = withFields<GalleryStore>({ folder: isText, mirror: orNull(isText), trusted: isBoolean });

type ToPage<Type extends HostToGallery['type']> = Extract<HostToGallery, { readonly type: Type }>;

export const isHostToGallery = byField<'type', HostToGallery>('type', {
  gallery: withFields<ToPage<'gallery'>>({
    type: isOneOf('gallery'),
    protocol: isCount,
    models: listOf(isModel),
    cached: listOf(isText),
    store: isStore,
    jobs: listOf(isJob),
  }),
  cached: withFields<ToPage<'cached'>>({ type: isOneOf('cached'), cached: listOf(isText) }),
  jobs: withFields<ToPage<'jobs'>>({ type: isOneOf('jobs'), jobs: listOf(isJob) }),
  described: withFields<ToPage<'described'>>({
    type: isOneOf('described'),
    request: isCount,
    result: isResult,
  }),
  refused: withFields<ToPage<'refused'>>({ type: isOneOf('refused'), request: isCount, problem: isProblem }),
});
