import { Failure, nearest } from '../core/failure';
import { planSchema, type Plan } from '../core/plan/plan';

const NAMES: readonly Plan['engine'][] = planSchema.shape.engine.unwrap().options;

/** @throws Failure of kind `usage` for an engine that there is not */
export function engineNamed(name: string): Plan['engine'] {
  const known = NAMES.find((candidate) => candidate === name);
  if (known) return known;
  const near = nearest(name, NAMES);
  throw new Failure(
    'usage',
    'ENGINE_UNKNOWN',
    `found the engine "${name}", expected one of ${NAMES.join(', ')}${near ? `; the nearest is ${near}` : ''}`,
  );
}
