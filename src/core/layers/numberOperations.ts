import { configSchema, type ConfigOf } from './config';
import { elementwise } from './elementwise';
import { field, flag, nullable, number } from './fields';
import { t } from '../../l10n/translate';

/** Operations of `keras.ops` on a tensor and numbers, which are part of the configuration. */

/** Those that `Rescaling` and `Clip` do not compute. */
export const NUMBER_OPERATIONS = ['Power', 'Divide', 'FloorDivide', 'Mod'] as const;
export type NumberOperationName = (typeof NUMBER_OPERATIONS)[number];

const clipSchema = configSchema(
  { x_min: nullable(number()), x_max: nullable(number()) },
  {
    check: ({ x_min: least, x_max: most }): Record<string, string> =>
      typeof least === 'number' && typeof most === 'number' && least > most
        ? { x_max: t('found {0}, expected at least x_min, which is {1}', most, least) }
        : {},
  },
);
const operationSchema = configSchema({
  operation: field<NumberOperationName>(t('one of {0}', NUMBER_OPERATIONS.join(', ')), (raw) =>
    NUMBER_OPERATIONS.find((name) => name === raw),
  ),
  number: number(),
  /** `2 / x`, not `x / 2`. */
  number_first: flag().default(false),
});

export type ClipConfig = ConfigOf<typeof clipSchema>;
export type NumberOperationConfig = ConfigOf<typeof operationSchema>;

/** Nothing below `x_min`, nothing above `x_max`; no bound where it is null. */
export const clip = elementwise<ClipConfig>({ name: 'Clip', family: 'operation', schema: clipSchema }, 2);

/** An operation on two tensors, one of which is a number. */
export const numberOperation = elementwise<NumberOperationConfig>(
  { name: 'NumberOperation', family: 'operation', schema: operationSchema },
  1,
);
