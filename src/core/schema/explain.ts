import { z } from 'zod';
import { nearest } from '../failure';

type Issue = z.core.$ZodIssue;

export interface ExplainOptions {
  /** Names the fields that a misspelt one may have meant. */
  readonly schema?: z.ZodType;
  /** Fields and values that a later version will know: they are refused as that, not as slips of the hand. */
  readonly planned?: ReadonlySet<string>;
}

/**
 * What a schema found, a line a finding, in the order where, found, expected:
 * `phases[0].optimizer.learningRate: found -1, expected a number above 0`.
 *
 * @param value what was validated, for what was found
 */
export function explainIssues(
  issues: readonly Issue[],
  value: unknown,
  options: ExplainOptions = {},
): string[] {
  return issues.flatMap((issue) => explainIssue(issue, value, options));
}

function explainIssue(issue: Issue, value: unknown, options: ExplainOptions): string[] {
  const at = (path: readonly PropertyKey[], text: string) =>
    path.length === 0 ? text : `${showPath(path)}: ${text}`;
  if (issue.code === 'unrecognized_keys') {
    const known = options.schema ? fieldsAt(options.schema, issue.path, value) : [];
    return issue.keys.map((key) => {
      if (options.planned?.has(key)) return at([...issue.path, key], 'this version does not support it yet');
      const near = nearest(key, known);
      return at(
        [...issue.path, key],
        `no such field${near === undefined ? '' : `; the nearest is "${near}"`}`,
      );
    });
  }
  if (issue.code === 'invalid_union' && issue.message === 'Invalid input') {
    const branch = likelyBranch(issue.errors);
    if (branch) {
      const inner = branch.map((error) => ({ ...error, path: [...issue.path, ...error.path] }));
      return explainIssues(inner, value, options);
    }
  }
  const found = valueAt(value, issue.path);
  if (typeof found === 'string' && options.planned?.has(found)) {
    return [
      at(issue.path, `found ${show(found)}, which this version does not support yet; ${expects(issue)}`),
    ];
  }
  return [
    at(issue.path, `${found === undefined ? 'is missing' : `found ${show(found)}`}, ${expects(issue)}`),
  ];
}

const expects = (issue: Issue) => `expected ${expectation(issue)}`;

/** What would have been right, in words that fit after "expected". */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'too_small': {
      const least = Number(issue.minimum);
      if (issue.origin === 'array') return `at least ${counted(least, 'item')}`;
      if (issue.origin === 'string')
        return least === 1 ? 'some text' : `at least ${counted(least, 'character')}`;
      return issue.inclusive ? `a number not below ${least}` : `a number above ${least}`;
    }
    case 'too_big': {
      const most = Number(issue.maximum);
      if (issue.origin === 'array') return `at most ${counted(most, 'item')}`;
      if (issue.origin === 'string') return `at most ${counted(most, 'character')}`;
      return issue.inclusive ? `a number not above ${most}` : `a number below ${most}`;
    }
    case 'invalid_value':
      return oneOf(issue.values.map(show));
    case 'invalid_union': {
      if ('options' in issue && Array.isArray(issue.options)) return oneOf(issue.options.map(show));
      if (issue.message !== 'Invalid input') return issue.message;
      return [...new Set(issue.errors.flat().map(expectation))].join(' or ');
    }
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text in quotes',
  boolean: 'true or false',
  array: 'a list in [ ]',
  tuple: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
};

/** The one alternative of a union that the value has the type of. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const likely = branches.filter(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  );
  return likely.length === 1 ? likely[0] : undefined;
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? '' : 's'}`;

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : `one of ${values.join(', ')}`;
}

/** Enough of a value to know it again. */
function show(value: unknown): string {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** `phases[0].optimizer.kind` */
function showPath(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${String(step)}`,
    )
    .join('');
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

/** The fields of the object that a schema has at a path; a union's is the alternative that the value's `kind` or `op` picks. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): readonly string[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return fieldsAt(schema.unwrap() as z.ZodType, path, value);
  }
  if (schema instanceof z.ZodUnion) {
    const options = schema.options as readonly z.ZodType[];
    const fits = options.filter((option) => picks(option, value));
    return fits.flatMap((option) => fieldsAt(option, path, value));
  }
  const [step, ...rest] = path;
  const inner = step === undefined ? value : valueAt(value, [step]);
  if (schema instanceof z.ZodObject) {
    const shape = schema.shape as Readonly<Record<string, z.ZodType>>;
    if (step === undefined) return Object.keys(shape);
    const field = shape[String(step)];
    return field ? fieldsAt(field, rest, inner) : [];
  }
  if (schema instanceof z.ZodArray && step !== undefined) {
    return fieldsAt(schema.element as z.ZodType, rest, inner);
  }
  return [];
}

/** Whether every literal field of an object schema has its value: how a discriminated union chooses. */
function picks(option: z.ZodType, value: unknown): boolean {
  if (!(option instanceof z.ZodObject)) return false;
  return Object.entries(option.shape as Readonly<Record<string, z.ZodType>>).every(
    ([key, field]) => !(field instanceof z.ZodLiteral) || field.values.has(valueAt(value, [key]) as never),
  );
}
