import { expect, test } from 'vitest';
import type { TrainingForm } from '../../../../src/protocol/editor';
import { formProblem } from '../../../../src/protocol/formPlan';
import {
  extrasOf,
  hasWrongNumber,
  NUMBER_FIELDS,
  readNumber,
  textOf,
  usualFineTuning,
  withSchedule,
  type NumberField,
} from '../../../../webview/editor/model/trainingFields';
import { DIGITS, FORM } from '../../../webview/support/editorHost';

const form: TrainingForm = { ...FORM, dataFolder: DIGITS.folder };

/** All that the form can show, on. */
const full: TrainingForm = {
  ...withSchedule(form, 'reduceOnPlateau'),
  earlyStopping: { monitor: 'val_loss', patience: 3, restoreBest: true },
  fineTune: usualFineTuning(form, 6),
};

/** What people type into a field, as the sheet takes it. */
function type(before: TrainingForm, field: NumberField, text: string): TrainingForm {
  const value = readNumber(field, text);
  return value === undefined ? before : NUMBER_FIELDS[field].put(before, value);
}

test('fields take their numbers alone', () => {
  expect(readNumber('epochs', '3')).toBe(3);
  expect(readNumber('learningRate', '1e-5')).toBe(1e-5);
  expect(['', ' ', 'x', '0', '-1', '1.5', 'Infinity'].map((text) => readNumber('epochs', text))).toEqual(
    Array<undefined>(7).fill(undefined),
  );
  expect(readNumber('validation', '100')).toBeUndefined();
});

test('a share is written in percent, a turn in degrees, and both come back', () => {
  expect(textOf({ ...form, validation: 0.07 }, 'validation', {})).toBe('7');
  expect(type(form, 'validation', '7').validation).toBeCloseTo(0.07, 12);
  const turned = type(form, 'rotate', '18');
  expect(turned.augment?.rotate).toBeCloseTo(0.05, 12);
  expect(textOf(turned, 'rotate', {})).toBe('18');
});

test.each(Object.keys(NUMBER_FIELDS) as NumberField[])('%s is shown, typed, kept and planned', (field) => {
  const spec = NUMBER_FIELDS[field];
  const text = ['0.5', '3', '0.3', '4'].find(
    (candidate) =>
      readNumber(field, candidate) !== undefined && readNumber(field, candidate) !== spec.get(full),
  );
  if (text === undefined) throw new Error('no number for the field');
  const after = type(full, field, text);
  expect(after).not.toEqual(full);
  expect(textOf(after, field, {})).toBe(text);
  expect(hasWrongNumber(after, { [field]: text })).toBe(false);
  expect(hasWrongNumber(after, { [field]: 'x' })).toBe(true);
  expect(formProblem(after, 6)).toBeNull();
});

test('a field keeps what is typed until the form holds another number', () => {
  const after = type(full, 'patience', '7');
  expect(textOf(after, 'patience', { patience: '7.' })).toBe('7.');
  const again = { ...after, earlyStopping: { monitor: 'val_loss', patience: 3 } };
  expect(textOf(again, 'patience', { patience: '7' })).toBe('3');
});

test('a field that is not shown has nothing wrong', () => {
  expect(hasWrongNumber(full, { patience: 'x' })).toBe(true);
  expect(hasWrongNumber({ ...full, earlyStopping: undefined }, { patience: 'x' })).toBe(false);
});

test('another schedule keeps the warm-up, and a constant rate without one is none', () => {
  const warm = type(withSchedule(form, 'cosine'), 'warmup', '2');
  expect(withSchedule(warm, 'reduceOnPlateau').schedule).toMatchObject({
    kind: 'reduceOnPlateau',
    warmup: { epochs: 2 },
  });
  expect(withSchedule(warm, 'constant').schedule).toEqual({ kind: 'constant', warmup: { epochs: 2 } });
  expect(withSchedule(warm, 'oneCycle').schedule).toEqual({ kind: 'oneCycle' });
  expect(type(withSchedule(warm, 'constant'), 'warmup', '0').schedule).toBeUndefined();
  expect(NUMBER_FIELDS.warmup.get(withSchedule(warm, 'oneCycle'))).toBeUndefined();
});

test('what is on is said while it is folded away', () => {
  expect(extrasOf(form)).toEqual([]);
  expect(extrasOf(type({ ...full, cacheFeatures: 'off', classWeights: 'balanced' }, 'zoom', '10'))).toEqual([
    'reduce on plateau',
    'early stopping',
    'augmentation',
    'balanced classes',
    'no feature cache',
  ]);
  expect(extrasOf(type(type(form, 'zoom', '10'), 'zoom', '0'))).toEqual([]);
});

test('fine-tuning begins with the last third at a hundredth of the rate', () => {
  expect(usualFineTuning({ ...form, learningRate: 0.001, epochs: 4 }, 6)).toEqual({
    stages: 2,
    learningRate: 1e-5,
    epochs: 4,
  });
  expect(usualFineTuning(form, 0).stages).toBe(1);
});
