import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { progressOf, type JobProgress } from '../../../../src/host/zoo/jobProgress';
import { ZooJobs, type Carrying, type ZooOrder } from '../../../../src/host/zoo/zooJobs';
import type { GalleryJobState } from '../../../../src/protocol/gallery';
import { zooEntry } from '../../../../src/zoo/registry';

const order = (file = 'resnet50.h5'): ZooOrder => ({
  wish: { entry: zooEntry('ResNet50'), options: {}, random: false },
  target: { path: `/models/${file}`, confirmed: true },
  label: file,
});

/** Jobs whose work the test does. */
function jobs() {
  const begun: (Carrying & { readonly end: (error?: unknown) => void })[] = [];
  const carryOut = (_: ZooOrder, carrying: Carrying) =>
    new Promise<void>((resolve, reject) => {
      const end = (error?: unknown) => (error === undefined ? resolve() : reject(error as Error));
      carrying.signal.addEventListener('abort', () => reject(carrying.signal.reason as Error));
      begun.push({ ...carrying, end });
    });
  const all = new ZooJobs(carryOut, () => undefined);
  return { all, begun, states: () => all.all.map(({ state }) => state) };
}

describe('the jobs of the gallery', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => vi.useRealTimers());

  it('say how far they are, not of each of thousands of chunks, and the newest in the end', () => {
    const { all, begun, states } = jobs();
    const told: GalleryJobState[] = [];
    all.begin(order()).onState((state) => told.push(state));
    for (let bytes = 1; bytes <= 5000; bytes++) {
      begun[0]?.onState({ kind: 'downloading', bytes, whole: null });
    }
    expect(told).toEqual([{ kind: 'downloading', bytes: 1, whole: null }]);
    vi.advanceTimersByTime(1000);
    expect(told.slice(1)).toEqual([{ kind: 'downloading', bytes: 5000, whole: null }]);
    expect(states()).toEqual([{ kind: 'downloading', bytes: 5000, whole: null }]);
  });

  it('are gone when they have come to their end', async () => {
    const { all, begun } = jobs();
    const { ended } = all.begin(order());
    expect(all.all).toEqual([
      { id: 1, name: 'ResNet50', target: 'resnet50.h5', random: false, state: { kind: 'waiting' } },
    ]);
    begun[0]?.end();
    expect(await ended).toBe(true);
    expect(all.all).toEqual([]);
  });

  it('stay when they were stopped, and go on when they are asked for again', async () => {
    const { all, begun, states } = jobs();
    const { id, ended } = all.begin(order());
    begun[0]?.onState({ kind: 'downloading', bytes: 5, whole: 10 });
    all.stop(id);
    expect(await ended).toBe(false);
    expect(states()).toEqual([{ kind: 'stopped' }]);
    const again = all.again(id);
    expect(again?.order.target.path).toBe('/models/resnet50.h5');
    expect(states()).toEqual([{ kind: 'waiting' }]);
    expect(all.again(id)).toBeUndefined();
    begun[1]?.end();
    expect(await again?.ended).toBe(true);
  });

  it('say why they failed until they are dismissed', async () => {
    const { all, begun, states } = jobs();
    const { id, ended } = all.begin(order());
    all.dismiss(id);
    expect(states()).toHaveLength(1);
    begun[0]?.end(new Failure('work', 'ZOO_OFFLINE', 'no way'));
    await ended;
    expect(states()).toEqual([{ kind: 'failed', code: 'ZOO_OFFLINE', message: 'no way' }]);
    all.dismiss(id);
    expect(all.all).toEqual([]);
  });

  it('never make one file twice at a time', async () => {
    const { all, begun } = jobs();
    const first = all.begin(order());
    expect(() => all.begin(order())).toThrow(expect.objectContaining({ code: 'ZOO_BUSY' }));
    all.begin(order('other.h5'));
    begun[0]?.end(new Failure('work', 'ZOO_DOWNLOAD', 'cut'));
    await first.ended;
    all.begin(order());
    expect(all.all.map(({ id, state: { kind } }) => [id, kind])).toEqual([
      [2, 'waiting'],
      [3, 'waiting'],
    ]);
  });
});

describe('the progress of a job', () => {
  const after = (...states: readonly GalleryJobState[]) =>
    states.reduce<JobProgress>((shown, state) => progressOf(state, shown), { percent: 0, message: '' });
  const MIB = 1024 * 1024;

  it('says the bytes that came where the server does not say how many there are', () => {
    expect(after({ kind: 'downloading', bytes: 3 * MIB, whole: null })).toEqual({
      percent: 0,
      message: '3.00 MB so far',
    });
  });

  it('never goes back', () => {
    const half = { kind: 'downloading', bytes: 2 * MIB, whole: 4 * MIB } as const;
    expect(after(half)).toEqual({ percent: 45, message: '2.00 MB of 4.00 MB' });
    expect(after(half, { kind: 'downloading', bytes: 0, whole: 4 * MIB }).percent).toBe(45);
    expect(after(half, { kind: 'writing', share: 0.1 }).percent).toBe(45);
    expect(after(half, { kind: 'writing', share: 1 }).percent).toBe(100);
  });
});
