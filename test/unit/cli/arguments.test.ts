import { describe, expect, test } from 'vitest';
import { apply } from '../../../src/cli/apply';
import { parseArguments } from '../../../src/cli/arguments';
import { engines } from '../../../src/cli/engines';
import { helpOfCommand } from '../../../src/cli/help';
import { predict } from '../../../src/cli/predict';
import { writableFormats } from '../../../src/formats/registry';
import { failureOf } from '../core/surgery/sampleGraphs';

const needed = ['m.h5', '--recipe', 'r.json', '--out', 'new.h5'];

describe('parseArguments', () => {
  test('takes the operand and the options in any order', () => {
    const args = parseArguments(apply, ['--force', '--out=new.h5', 'm.h5', '--recipe', 'r.json']);
    expect(args.operand).toBe('m.h5');
    expect(args.required('recipe')).toBe('r.json');
    expect(args.required('out')).toBe('new.h5');
    expect(args.text('to')).toBeUndefined();
    expect([args.flag('force'), args.flag('json')]).toEqual([true, false]);
  });

  test('takes what follows -- as it is', () => {
    expect(parseArguments(apply, [...needed.slice(1), '--', '--odd-name.h5']).operand).toBe('--odd-name.h5');
  });

  test.each([
    [[...needed, '--forse'], 'OPTION_UNKNOWN: apply has no option --forse; the nearest is --force'],
    [
      [...needed, '--zzzzzzzz'],
      'OPTION_UNKNOWN: apply has no option --zzzzzzzz; see model-surgery apply --help',
    ],
    [[...needed, '-f'], /^OPTION_UNKNOWN: apply has no option -f/],
    [[...needed, '--force=yes'], 'OPTION_VALUE: --force takes no value, found "yes"'],
    [[...needed, '--to', '--force'], 'OPTION_VALUE: --to expects a value, FORMAT'],
    [[...needed, '--to'], 'OPTION_VALUE: --to expects a value, FORMAT'],
    [[...needed, '--to='], 'OPTION_VALUE: --to expects a value, FORMAT'],
    [[...needed, '--out', 'other'], 'OPTION_REPEATED: --out is given twice, expected once'],
    [needed.slice(0, 3), 'OPTION_MISSING: apply needs --out PATH'],
    [needed.slice(1), 'OPERAND: apply takes one MODEL, found none'],
    [[...needed, 'x.h5'], 'OPERAND: apply takes one MODEL, found "m.h5", "x.h5"'],
  ])('%j', (argv, expected) => {
    const message = failureOf(() => parseArguments(apply, argv));
    if (typeof expected === 'string') expect(message).toBe(expected);
    else expect(message).toMatch(expected);
  });

  test('asks for nothing more where help is asked for', () => {
    expect(parseArguments(apply, ['--help']).flag('help')).toBe(true);
  });

  test('counts from one', () => {
    const top = (text: string) => () =>
      parseArguments(predict, ['m', '--input', 'x', '--top', text]).count('top', 5);
    expect(top('3')()).toBe(3);
    expect(parseArguments(predict, ['m', '--input', 'x']).count('top', 5)).toBe(5);
    for (const bad of ['0', '1.5', 'x', '-1']) {
      expect(failureOf(top(bad))).toBe(
        `OPTION_VALUE: --top: found "${bad}", expected a whole number from 1 on`,
      );
    }
  });
});

test.each([
  [[], []],
  [
    ['install', 'tensorflow', '--tensorflow', 'env'],
    ['install', 'tensorflow'],
  ],
])('engines takes %j', (argv, operands) => {
  expect(parseArguments(engines, argv).operands).toEqual(operands);
});

test('engines takes no more than install and a name', () => {
  expect(failureOf(() => parseArguments(engines, ['install', 'a', 'b']))).toBe(
    'OPERAND: engines takes [install NAME], found "install", "a", "b"',
  );
});

test('the help of a command names its operand and all its options', () => {
  const formats = writableFormats()
    .map(({ name }) => name)
    .join(', ');
  expect(formats).toMatch(/h5.*tfjs.*python|tfjs.*h5.*python/);
  expect(helpOfCommand(apply)).toBe(
    [
      'Usage: model-surgery apply MODEL --recipe R --out PATH [--to FORMAT] [--force] [--plan P] [--json]',
      '',
      'perform the surgery of a recipe on a model and write the new model',
      '',
      '  --recipe R   the recipe (*.surgery.json)',
      '  --out PATH   where the new model goes',
      `  --to FORMAT  its format: ${formats}; by the name of PATH where left out`,
      '  --force      write over what is at PATH',
      '  --plan P     with the format python: a plan (*.plan.json) that the script trains by',
      '  --json       print JSON, errors too',
      '  --verbose    print where in the program an error comes from',
      '  --help       print this help',
      '',
    ].join('\n'),
  );
});
