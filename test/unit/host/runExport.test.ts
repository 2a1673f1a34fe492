import { describe, expect, it } from 'vitest';
import { suggestExport } from '../../../src/host/runExport/suggestions';

const RUN = '/w/out/runs/2026-11-21T23-26-46Z-digits';

describe('where an export of a run begins', () => {
  it.each([
    [{ what: 'metrics' }, '/w/2026-11-21T23-26-46Z-digits.csv', ['csv']],
    [{ what: 'report' }, '/w/2026-11-21T23-26-46Z-digits.md', ['md']],
    [{ what: 'chart', metric: 'top5', extension: 'png' }, '/w/2026-11-21T23-26-46Z-digits-top5.png', ['png']],
  ] as const)('is named for it: %j', (wanted, at, ends) => {
    const suggestion = suggestExport(RUN, '/w', wanted);
    expect(suggestion.at).toBe(at);
    expect(Object.values(suggestion.filters)).toEqual([ends]);
  });

  it('is beside the run where no folder is open', () => {
    expect(suggestExport(RUN, undefined, { what: 'report' }).at).toMatch(/^\/w\/out\/runs\/2026.*\.md$/);
  });

  it('names no other place, whatever the metric is called', () => {
    const { at } = suggestExport(RUN, '/w', { what: 'chart', metric: '../../a/b', extension: 'svg' });
    expect(at).toMatch(/^\/w\/[^/]+\.svg$/);
  });
});
