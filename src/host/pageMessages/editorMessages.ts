import * as z from 'zod';
import type { EditorToHost } from '../../protocol/editor';
import { editSchema } from './edit';
import type { MessageSchemas } from './readMessage';
import { trainingFormSchema } from './trainingForm';

/** Alone: it says all by its type. */
const bare = <Type extends string>(type: Type) => z.strictObject({ type: z.literal(type) });

const count = z.int().min(0);
const form = trainingFormSchema;

/** What the editor's page may ask of the host. */
export const editorMessages: MessageSchemas<EditorToHost> = {
  ready: z.strictObject({ type: z.literal('ready'), protocol: z.int() }),
  edit: z.strictObject({ type: z.literal('edit'), edit: editSchema }),
  preview: z.strictObject({ type: z.literal('preview'), request: count, edit: editSchema }),
  undo: bare('undo'),
  redo: bare('redo'),
  browseDataset: bare('browseDataset'),
  training: z.strictObject({ type: z.literal('training'), form }),
  train: z.strictObject({ type: z.literal('train'), form }),
  showPlan: z.strictObject({ type: z.literal('showPlan'), form }),
  export: bare('export'),
  summary: z.strictObject({ type: z.literal('summary'), layers: z.array(z.string()).optional() }),
  base: bare('base'),
  saveFile: z.discriminatedUnion('of', [
    z.strictObject({
      type: z.literal('saveFile'),
      of: z.literal('summary'),
      extension: z.enum(['txt', 'md', 'csv']),
      content: z.string(),
    }),
    z.strictObject({
      type: z.literal('saveFile'),
      of: z.literal('picture'),
      extension: z.enum(['svg', 'png']),
      content: z.string(),
    }),
  ]),
  inspect: z.strictObject({ type: z.literal('inspect'), layer: z.string(), weights: z.boolean() }),
  filters: z.strictObject({
    type: z.literal('filters'),
    layer: z.string(),
    weight: z.string(),
    channel: count,
  }),
  measureSpreads: z.strictObject({ type: z.literal('measureSpreads'), on: z.boolean() }),
  showRuns: bare('showRuns'),
  copy: z.strictObject({ type: z.literal('copy'), text: z.string() }),
  kinds: bare('kinds'),
  openModels: bare('openModels'),
  openDonor: z.strictObject({
    type: z.literal('openDonor'),
    from: z.union([
      z.strictObject({ path: z.string() }),
      z.strictObject({ uri: z.string() }),
      z.literal('browse'),
    ]),
  }),
  closeDonor: bare('closeDonor'),
  heads: bare('heads'),
  step: z.strictObject({ type: z.literal('step'), at: count }),
  rememberHead: z.strictObject({
    type: z.literal('rememberHead'),
    head: z.strictObject({
      pooling: z.enum(['average', 'max', 'flatten', 'none']),
      hiddenUnits: z.array(z.int().positive()),
      dropout: z.number().min(0).lt(1),
      classes: z.int().positive(),
      activation: z.enum(['softmax', 'sigmoid', 'linear']),
    }),
  }),
};
