import { beforeAll, describe, test } from 'vitest';
import { openEngine } from '../../../../src/trainer/engines/engine';
import { BACKBONE_FORMS, expectFeatures } from '../../../support/backbones';
import { fixture } from '../fixtures';

beforeAll(() => openEngine('wasm'));

describe('a net of raw operations cut at a node', () => {
  test.each(BACKBONE_FORMS)('%s: gives what TensorFlow does there', (form) =>
    expectFeatures(fixture('tensorflow/backbones'), form),
  );
});
