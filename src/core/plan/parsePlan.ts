import type { DocumentKind, Checked } from '../schema/parse';
import { checkDocument, parseDocument } from '../schema/parse';
import { lossSchema, usualMetrics } from './objective';
import type { Plan } from './plan';
import { planSchema } from './plan';

const PLAN: DocumentKind<Plan> = {
  noun: 'plan',
  version: 2,
  schema: planSchema,
  planned: new Set(),
  complete: (json) => {
    const loss = lossSchema.safeParse(Reflect.get(json, 'loss'));
    return loss.success && !('metrics' in json) ? { ...json, metrics: usualMetrics(loss.data) } : json;
  },
};

/** The plan with every default filled in. @throws Failure of kind `input` with all that is wrong */
export function parsePlan(json: unknown): Plan {
  return parseDocument(PLAN, json);
}

/** All that is wrong with a plan, for a form that shows it while it is written. */
export function checkPlan(json: unknown): Checked<Plan> {
  return checkDocument(PLAN, json);
}
