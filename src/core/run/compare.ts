import { labelOfFreeze, labelOf } from '../surgery/label';
import type { FreezeRule } from '../freeze/rule';
import type { Plan } from '../plan/plan';
import type { Operation, Recipe } from '../surgery/recipe';
import type { RunEvent, RunStatus } from './events';
import { isGrowing } from './improvement';
import { metricNames, outcomeOf, type Outcome } from './outcome';
import { t } from '../../l10n/translate';

/** What comparing needs to know of a run; what cannot be read of it is left out. */
export interface ComparableRun {
  readonly name: string;
  readonly status: RunStatus;
  readonly plan?: Plan;
  readonly recipe?: Recipe;
  /** Steps may be left out. */
  readonly events: readonly RunEvent[];
}

/** `null` where a run has nothing there, NaN for a metric that was none. */
export type ComparedValue = string | number | null;

/** One line of the table: a value a run, in the runs' order. */
export interface ComparedRow {
  /** The same in every language, but for the words of operations; `rowWords.ts` has it for people. */
  readonly name: string;
  readonly values: readonly ComparedValue[];
  /** Of a metric: its name in the history, of which epoch it is, and which of its values are the better ones. */
  readonly metric?: string;
  readonly at?: 'best' | 'last';
  readonly better?: 'higher' | 'lower';
}

export interface Comparison {
  /** Surgery of which not all runs have the same: `yes` where a run has it. */
  readonly operations: readonly ComparedRow[];
  /** What is frozen, phase by phase, where it is not the same. */
  readonly freezeSets: readonly ComparedRow[];
  /** Words of the plan that differ: `phases[0].optimizer.learningRate`. */
  readonly plan: readonly ComparedRow[];
  /** What came out, the same or not. */
  readonly outcomes: readonly ComparedRow[];
}

/** Words of a plan that change nothing of what comes out, or that are compared on their own. */
const NOT_COMPARED: ReadonlySet<string> = new Set(['version', 'name', 'recipe', 'out', 'tensorboard']);

/**
 * What differs between runs, beside what came out of them.
 * @param monitor what the best epochs go by; each run's own where left out
 */
export function compareRuns(runs: readonly ComparableRun[], monitor?: string): Comparison {
  return {
    operations: operationRows(runs),
    freezeSets: freezeRows(runs),
    plan: planRows(runs),
    outcomes: outcomeRows(
      runs,
      runs.map(({ events, plan }) => outcomeOf(events, monitor ?? plan?.earlyStopping?.monitor)),
    ),
  };
}

function operationRows(runs: readonly ComparableRun[]): readonly ComparedRow[] {
  const active = runs.map(({ recipe }) => recipe?.operations.filter(({ disabled }) => !disabled));
  const texts = active.map((operations) => operations?.map((operation) => JSON.stringify(operation)));
  const all = new Map<string, Operation>();
  for (const operation of active.flatMap((operations) => operations ?? []))
    all.set(JSON.stringify(operation), operation);
  const labels = [...all.values()].map(labelOf);
  const rows = [...all.keys()].map((text, index) => {
    const label = labels[index] ?? '';
    // Two of one label differ in what the label leaves out.
    const name = labels.filter((each) => each === label).length > 1 ? `${label} ${text}` : label;
    return { name, values: texts.map((own) => (own?.includes(text) ? 'yes' : 'no')) };
  });
  const different = rows.filter(differs);
  const order = {
    name: 'order of operations',
    values: active.map((operations) => operations?.map(labelOf).join(', ') ?? null),
  };
  return different.length === 0 && differs(order) ? [order] : different;
}

function freezeRows(runs: readonly ComparableRun[]): readonly ComparedRow[] {
  const phases = Math.max(0, ...runs.map(({ plan }) => plan?.phases.length ?? 0));
  return Array.from({ length: phases }, (_, phase) => ({
    name: phases === 1 ? 'freeze set' : `freeze set of phase ${phase + 1}`,
    values: runs.map(({ plan, recipe }) => {
      const own = plan?.phases[phase];
      return own ? showFreezeSet(own.freeze ?? recipe?.freeze ?? []) : null;
    }),
  })).filter(differs);
}

/** Freeze rules in words, each of them: they apply in order. */
export function showFreezeSet(rules: readonly FreezeRule[]): string {
  if (rules.length === 0) return t('as the model is');
  const [first, ...others] = rules;
  // Where all is opened first, nothing is left to what the model's file says: a sweep's rules, and many people's.
  if (first && 'all' in first.match && first.trainable && first.learningRateMultiplier === undefined)
    return others.length === 0 ? t('Nothing frozen') : t('{0}, train the rest', showFreezeSet(others));
  return rules.map((rule) => labelOfFreeze([rule])).join(t(', then '));
}

function planRows(runs: readonly ComparableRun[]): readonly ComparedRow[] {
  const leaves = runs.map(({ plan }) => new Map(plan ? leavesOf(plan) : []));
  const names = new Set(leaves.flatMap((own) => [...own.keys()]));
  return [...names]
    .map((name) => ({ name, values: leaves.map((own) => own.get(name) ?? null) }))
    .filter(differs);
}

function leavesOf(plan: Plan): [string, ComparedValue][] {
  return Object.entries(plan)
    .filter(([word]) => !NOT_COMPARED.has(word))
    .flatMap(([word, value]) => leaves(value, word));
}

/** Short lists (`metrics`, `size`) are one value; the freeze rules of a phase are compared on their own. */
function leaves(value: unknown, at: string): [string, ComparedValue][] {
  if (value === undefined || /^phases\[\d+\]\.freeze$/.test(at)) return [];
  if (typeof value === 'string' || typeof value === 'number') return [[at, value]];
  if (Array.isArray(value)) {
    if (!value.some((item) => typeof item === 'object')) return [[at, value.join(', ')]];
    return value.flatMap((item, index) => leaves(item, `${at}[${index}]`));
  }
  if (typeof value !== 'object' || value === null) return [[at, String(value)]];
  return Object.entries(value).flatMap(([word, inner]) => leaves(inner, `${at}.${word}`));
}

function outcomeRows(runs: readonly ComparableRun[], outcomes: readonly Outcome[]): readonly ComparedRow[] {
  const row = (name: string, valueOf: (outcome: Outcome) => ComparedValue | undefined): ComparedRow => ({
    name,
    values: outcomes.map((outcome) => valueOf(outcome) ?? null),
  });
  const metric = (name: string, at: 'best' | 'last'): ComparedRow => ({
    ...row(`${name} (${at} epoch)`, (outcome) => outcome[at]?.metrics[name]),
    metric: name,
    at,
    better: isGrowing(name) ? 'higher' : 'lower',
  });
  const names = metricNames(outcomes.flatMap(({ last }) => (last ? [last.metrics] : [])));
  return [
    { name: 'status', values: runs.map(({ status }) => status) },
    row('engine', ({ start }) => start && `${start.engine} (${start.device})`),
    row('parameters', ({ start }) => start?.totalParams),
    row('parameters trained', ({ start }) => start?.trainableParams),
    row('epochs', ({ epochs }) => epochs.length),
    row('seconds', ({ seconds }) => seconds),
    row('best epoch by', ({ monitor }) => monitor),
    row('best epoch', ({ best }) => best?.epoch),
    ...names.flatMap((name) => [metric(name, 'best'), metric(name, 'last')]),
  ];
}

const differs = ({ values }: ComparedRow): boolean => values.some((value) => !Object.is(value, values[0]));
