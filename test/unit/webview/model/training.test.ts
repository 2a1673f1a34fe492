import { expect, test } from 'vitest';
import { needsHead, whyNotTrain } from '../../../../webview/editor/model/training';
import { DIGITS, EditorHost, FORM } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const form = { ...FORM, dataFolder: DIGITS.folder };
const five = new EditorHost(residualNet([1], 5));
const ten = new EditorHost(residualNet([1], 10));

test('training starts with a dataset that the output speaks of', () => {
  expect(whyNotTrain(five.model(), form, DIGITS, false)).toBeUndefined();
  expect(needsHead(five.model(), DIGITS)).toBe(false);
});

test('what is missing is said', () => {
  const said = (...args: Parameters<typeof whyNotTrain>) => whyNotTrain(...args);
  expect(said(five.model(), form, DIGITS, true)).toMatch(/going on/);
  expect(said(five.model(), undefined, DIGITS, false)).toMatch(/not here yet/);
  expect(said(five.model(), FORM, null, false)).toMatch(/Choose a folder/);
  expect(said(five.model(), form, { ...DIGITS, classes: [] }, false)).toMatch(/holds no class folders/);
  const empty = { ...DIGITS, classes: [...DIGITS.classes.slice(1), { name: 'x', images: 0 }] };
  expect(said(five.model(), form, empty, false)).toBe('Class x holds no image.');
  expect(said(ten.model(), form, DIGITS, false)).toBe(
    "The model's output has 10 units, the dataset 5 classes.",
  );
  expect(needsHead(ten.model(), DIGITS)).toBe(true);
});

test('where a fault is in the way no head is asked for', () => {
  const fault = { severity: 'error', code: 'SHAPE_MISMATCH', message: 'axis 7' } as const;
  const broken = { ...ten.model(), faults: [fault] };
  expect(whyNotTrain(broken, form, DIGITS, false)).toMatch(/must be mended first/);
  expect(needsHead(broken, DIGITS)).toBe(false);
});

test('a model of which everything is frozen has nothing to learn', () => {
  const host = new EditorHost(residualNet([1], 5));
  host.answer({ type: 'edit', edit: { type: 'freeze', rules: [{ match: { all: true } }] } });
  expect(whyNotTrain(host.model(), form, DIGITS, false)).toMatch(/Every layer is frozen/);
});

test('errors stop training, warnings do not', () => {
  const model = five.model();
  const fault = { code: 'X', message: 'x' };
  expect(
    whyNotTrain({ ...model, faults: [{ severity: 'warning', ...fault }] }, form, DIGITS, false),
  ).toBeUndefined();
  expect(whyNotTrain({ ...model, faults: [{ severity: 'error', ...fault }] }, form, DIGITS, false)).toBe(
    '1 fault in the model must be mended first: x',
  );
});
