import { Failure, nearest } from '../core/failure';
import { planSchema, type Plan } from '../core/plan/plan';
import { t } from '../l10n/translate';

const NAMES: readonly Plan['engine'][] = planSchema.shape.engine.unwrap().options;

/** @throws Failure of kind `usage` for an engine that there is not */
export function engineNamed(name: string): Plan['engine'] {
  const known = NAMES.find((candidate) => candidate === name);
  if (known) return known;
  const near = nearest(name, NAMES);
  throw new Failure(
    'usage',
    'ENGINE_UNKNOWN',
    t(
      'found the engine "{0}", expected one of {1}{2}',
      name,
      NAMES.join(', '),
      near ? t('; the nearest is {0}', near) : '',
    ),
  );
}
