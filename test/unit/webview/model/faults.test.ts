import { expect, test } from 'vitest';
import type { Fault } from '../../../../src/core/failure';
import type { ModelView } from '../../../../src/protocol/editor';
import { countFaults, currentFault, faultsOf } from '../../../../webview/editor/model/faults';
import { faultsInTheWay } from '../../../../webview/editor/model/training';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const warning: Fault = { severity: 'warning', code: 'W', layer: 'conv1_bn', message: 'a warning' };
const error: Fault = { severity: 'error', code: 'E', layer: 'conv1_conv', message: 'an error' };
const whole: Fault = { severity: 'error', code: 'M', message: 'of the whole model' };
const model: ModelView = {
  ...new EditorHost(residualNet([1])).model(),
  faults: [warning, error, whole],
};

test('errors come before warnings, and are counted apart', () => {
  expect(faultsOf(model)).toEqual([error, whole, warning]);
  expect(countFaults(faultsOf(model))).toBe('2 faults, 1 warning');
  expect(countFaults([warning])).toBe('1 warning');
});

test('of weights alone the banner speaks', () => {
  const only: Fault = { severity: 'error', code: 'WEIGHTS_ONLY', message: 'weights' };
  expect(faultsOf({ ...model, weightsOnly: true, faults: [only, warning] })).toEqual([warning]);
  expect(faultsOf({ ...model, faults: [only] })).toEqual([only]);
});

test('the fault looked at is the one gone to, until another layer is selected', () => {
  const faults = faultsOf(model);
  expect(currentFault(faults, null, undefined)).toBe(-1);
  expect(currentFault(faults, null, 'conv1_bn')).toBe(2);
  expect(currentFault(faults, 1, 'conv1_bn')).toBe(1);
  expect(currentFault(faults, 0, 'conv1_bn')).toBe(2);
  expect(currentFault(faults, 0, 'predictions')).toBe(-1);
});

test('training waits for errors, and says the first', () => {
  expect(faultsInTheWay(model)).toBe('2 faults in the model must be mended first: an error');
  expect(faultsInTheWay({ ...model, faults: [warning] })).toBeUndefined();
});
