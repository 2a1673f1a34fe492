import * as z from 'zod';
import { nearest } from '../failure';
import { t, tn } from '../../l10n/translate';

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
      if (options.planned?.has(key))
        return at([...issue.path, key], t('this version does not support it yet'));
      const near = nearest(key, known);
      return at(
        [...issue.path, key],
        near === undefined ? t('no such field') : t('no such field; the nearest is "{0}"', near),
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
      at(
        issue.path,
        t(
          'found {0}, which this version does not support yet; expected {1}',
          show(found),
          expectation(issue),
        ),
      ),
    ];
  }
  const expected = expectation(issue);
  return [
    at(
      issue.path,
      found === undefined
        ? t('is missing, expected {0}', expected)
        : t('found {0}, expected {1}', show(found), expected),
    ),
  ];
}

/** What would have been right, in words that fit after "expected". */
function expectation(issue: Issue): string {
  switch (issue.code) {
    case 'invalid_type':
      return TYPES[issue.expected] ?? issue.expected;
    case 'too_small': {
      const least = Number(issue.minimum);
      if (issue.origin === 'array') return tn(least, 'at least {0} item', 'at least {0} items');
      if (issue.origin === 'string')
        return least === 1 ? t('some text') : tn(least, 'at least {0} character', 'at least {0} characters');
      return issue.inclusive ? t('a number not below {0}', least) : t('a number above {0}', least);
    }
    case 'too_big': {
      const most = Number(issue.maximum);
      if (issue.origin === 'array') return tn(most, 'at most {0} item', 'at most {0} items');
      if (issue.origin === 'string') return tn(most, 'at most {0} character', 'at most {0} characters');
      return issue.inclusive ? t('a number not above {0}', most) : t('a number below {0}', most);
    }
    case 'invalid_value':
      return oneOf(issue.values.map(show));
    case 'invalid_union': {
      if ('options' in issue && Array.isArray(issue.options)) return oneOf(issue.options.map(show));
      if (issue.message !== 'Invalid input') return issue.message;
      return [...new Set(issue.errors.flat().map(expectation))].join(t(' or '));
    }
    default:
      return issue.message;
  }
}

const TYPES: Readonly<Record<string, string>> = {
  number: t('a number'),
  int: t('a whole number'),
  string: t('text in quotes'),
  boolean: t('true or false'),
  array: t('a list in [ ]'),
  tuple: t('a list in [ ]'),
  object: t('an object in { }'),
  record: t('an object in { }'),
};

/** The one alternative of a union that the value has the type of. */
function likelyBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const likely = branches.filter(
    (issues) => !issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0),
  );
  return likely.length === 1 ? likely[0] : undefined;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? String(values[0]) : t('one of {0}', values.join(', '));
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
