import { beforeAll, describe } from 'vitest';
import { openEngine } from '../../../src/trainer/engines/engine';
import { gradientTests } from '../../support/gradients';

describe('gradients against differences', () => {
  beforeAll(async () => {
    await openEngine('wasm');
  });
  gradientTests();
});
