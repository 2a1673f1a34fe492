import type { Shape } from '../graph/layerGraph';
import { configSchema, type ConfigOf } from './config';
import { field, isRecord } from './fields';
import type { LayerKind } from './kind';
import { t } from '../../l10n/translate';

const batchShape = () =>
  field<Shape>(t('a shape with the batch first, such as [null, 224, 224, 3]'), (raw) =>
    Array.isArray(raw) && raw.length > 0 && raw.every(isSize) ? raw : undefined,
  );

const schema = configSchema(
  {
    batch_shape: batchShape(),
    dtype: field<string>(t('the name of a type, such as float32'), (raw) => {
      const name = isRecord(raw) && isRecord(raw.config) ? raw.config.name : raw;
      return typeof name === 'string' ? name : undefined;
    }).default('float32'),
  },
  {
    renamed: { batch_input_shape: 'batch_shape' },
    only: { sparse: false, ragged: false },
    inert: ['optional'],
    prepare: withBatchAxis,
  },
);

export type InputConfig = ConfigOf<typeof schema>;

/** Where data enters; makes a tensor of the shape it says. */
export const inputLayer: LayerKind<InputConfig> = {
  name: 'InputLayer',
  family: 'core',
  schema,
  arity: [0, 0],
  weights: () => [],
  outputs: (config) => [config.batch_shape],
  flops: () => 0,
};

function isSize(size: unknown): size is number | null {
  return size === null || (Number.isSafeInteger(size) && (size as number) > 0);
}

/** `shape` or `input_shape` leaves the batch axis out. */
function withBatchAxis(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { shape, input_shape: older, batch_size: batch, ...rest } = raw;
  const sample = shape ?? older;
  return Array.isArray(sample) ? { batch_shape: [batch ?? null, ...(sample as unknown[])], ...rest } : rest;
}
