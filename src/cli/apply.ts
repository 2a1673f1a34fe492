import path from 'node:path';
import { Failure } from '../core/failure';
import type { Plan } from '../core/plan/plan';
import { openOperated } from '../formats/operatedModel';
import { readPlan } from '../formats/planFile';
import type { Command } from './command';
import { askedFormat, writeResult, WRITING_OPTIONS } from './writeResult';

export const apply: Command = {
  name: 'apply',
  operand: 'MODEL',
  does: 'perform the surgery of a recipe on a model and write the new model',
  options: {
    recipe: { value: 'R', does: 'the recipe (*.surgery.json)', required: true },
    ...WRITING_OPTIONS,
    plan: { value: 'P', does: 'with the format python: a plan (*.plan.json) that the script trains by' },
  },
  async run(args, terminal) {
    // A slip in the format is met before a large model is opened.
    const { name: format } = askedFormat(args);
    const planFile = args.text('plan');
    const plan = planFile === undefined ? undefined : await readPlan(planFile);
    if (plan) refuseMisplacedPlan(plan, args.operand, format);
    return writeResult(await openOperated(args.operand, args.text('recipe')), args, terminal, plan);
  },
};

function refuseMisplacedPlan(plan: Plan, model: string, format: string): void {
  if (format !== 'python') {
    throw new Failure(
      'usage',
      'OPTION_VALUE',
      `--plan: a plan is written into a python script, not into ${format}`,
    );
  }
  if (path.resolve(model) === plan.model) return;
  throw new Failure(
    'input',
    'PLAN_FOR_ANOTHER_MODEL',
    `--plan: found a plan that trains ${plan.model}, expected one for ${path.resolve(model)}`,
    { path: plan.model },
  );
}
