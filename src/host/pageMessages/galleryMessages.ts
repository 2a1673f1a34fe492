import * as z from 'zod';
import type { GalleryToHost } from '../../protocol/gallery';
import type { MessageSchemas } from './readMessage';

const count = z.int().min(0);
const bare = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type) });
const ofJob = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type), id: count });

/** As it was typed: what is wrong with it, the zoo says in words about the model. */
const wish = z.strictObject({
  name: z.string(),
  includeTop: z.boolean(),
  pooling: z.enum(['avg', 'max']).nullable(),
  inputSize: z.string(),
  classes: z.number(),
  random: z.boolean(),
});

/** What the gallery's page may ask of the host. */
export const galleryMessages: MessageSchemas<GalleryToHost> = {
  ready: z.strictObject({ type: z.literal('ready'), protocol: z.int() }),
  describe: z.strictObject({ type: z.literal('describe'), request: count, wish }),
  open: z.strictObject({ type: z.literal('open'), wish }),
  stop: ofJob('stop'),
  again: ofJob('again'),
  dismiss: ofJob('dismiss'),
  openModule: bare('openModule'),
  settings: z.strictObject({ type: z.literal('settings'), of: z.enum(['mirror', 'proxy']) }),
  trust: bare('trust'),
  showLog: bare('showLog'),
};
