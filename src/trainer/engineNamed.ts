import { Failure } from '../core/failure';
import type { Plan } from '../core/plan/plan';

const NAMES: readonly Plan['engine'][] = ['auto', 'wasm', 'cpu'];

/** @throws Failure of kind `usage` for an engine that there is not */
export function engineNamed(name: string): Plan['engine'] {
  const known = NAMES.find((candidate) => candidate === name);
  if (known) return known;
  throw new Failure(
    'usage',
    'ENGINE_UNKNOWN',
    `found the engine "${name}", expected one of ${NAMES.join(', ')}`,
  );
}
