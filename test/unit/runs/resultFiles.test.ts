import { expect, test } from 'vitest';
import type { RunEvent } from '../../../src/core/run/events';
import { resultFiles } from '../../../src/runs/resultFiles';

test('the results of a run lie in its folder, whatever its log says', async () => {
  const model = ['model/model.h5', '../../other.h5', 'model/../../x.h5', '/etc/passwd', 'a/../model', '..h5'];
  const end = { type: 'end', model } as unknown as RunEvent;
  const found = await resultFiles('/runs/1', [end]);
  expect(found.map(({ path }) => path)).toEqual(['/runs/1/model/model.h5', '/runs/1/model', '/runs/1/..h5']);
});
