import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLayoutService } from '../../../../webview/editor/layout/layoutService';
import { layoutNested } from '../../../../webview/editor/layout/nested';
import type { NestedGraph, NestedLayout } from '../../../../webview/editor/layout/nested';
import { packLayout, unpackGraph } from '../../../../webview/editor/layout/packed';
import type { LayoutAnswer, LayoutRequest } from '../../../../webview/editor/layout/layout.worker';

vi.mock('../../../../webview/editor/layout/layout.worker?inline', () => ({ default: '' }));

/** Answers when the test says so. */
class FakeWorker {
  static made: FakeWorker[] = [];
  onmessage: ((event: { data: LayoutAnswer }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly requests: LayoutRequest[] = [];
  terminated = false;
  constructor() {
    FakeWorker.made.push(this);
  }
  postMessage(request: LayoutRequest) {
    this.requests.push(request);
  }
  terminate() {
    this.terminated = true;
  }
  answer(request: LayoutRequest | undefined) {
    if (!request) throw new Error('nothing was asked');
    const layout = packLayout(layoutNested(unpackGraph(request.graph)));
    this.onmessage?.({ data: { id: request.id, layout } });
  }
}

function column(count: number): NestedGraph {
  const nodes = Array.from({ length: count }, () => ({ width: 10, height: 10, frame: -1 }));
  const edges = nodes.slice(1).map((_, place) => ({ from: place, to: place + 1 }));
  return { nodes, edges, frames: [], direction: 'down' };
}

beforeEach(() => {
  FakeWorker.made = [];
  vi.useFakeTimers();
  vi.stubGlobal('Worker', FakeWorker);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:layout');
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a layout', () => {
  test('of a small graph is there at once', () => {
    const graph = column(20);
    const done = vi.fn<(layout: NestedLayout) => void>();
    createLayoutService().request(graph, done);
    expect(done).toHaveBeenCalledExactlyOnceWith(layoutNested(graph));
    expect(FakeWorker.made).toHaveLength(0);
  });

  test('of a large graph comes from a worker; only the newest is answered', () => {
    const service = createLayoutService();
    const [first, second] = [
      vi.fn<(layout: NestedLayout) => void>(),
      vi.fn<(layout: NestedLayout) => void>(),
    ];
    const [large, larger] = [column(600), column(700)];
    service.request(large, first);
    service.request(larger, second);
    const [worker] = FakeWorker.made;
    for (const request of worker!.requests) worker!.answer(request);
    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls[0]?.[0]).toEqual(layoutNested(larger));
    vi.runAllTimers();
    service.request(large, first);
    worker!.answer(worker!.requests.at(-1));
    expect(first).toHaveBeenCalledOnce();
    expect(FakeWorker.made).toHaveLength(1);
  });

  test('that nobody waits for any more is ended when it takes long', () => {
    const service = createLayoutService();
    const [first, second] = [
      vi.fn<(layout: NestedLayout) => void>(),
      vi.fn<(layout: NestedLayout) => void>(),
    ];
    service.request(column(600), first);
    service.request(column(700), second);
    vi.runAllTimers();
    const [older, newer] = FakeWorker.made;
    expect(older?.terminated).toBe(true);
    // What was on its way already is not listened to.
    for (const request of older!.requests) older!.answer(request);
    expect(second).not.toHaveBeenCalled();
    newer?.answer(newer.requests[0]);
    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls[0]?.[0].positions).toHaveLength(700);
    expect(newer?.terminated).toBe(false);
  });

  test('of a large model finds its worker started', () => {
    const service = createLayoutService();
    service.prepare(1000);
    expect(FakeWorker.made).toHaveLength(0);
    service.prepare(10_000);
    service.request(column(600), vi.fn());
    expect(FakeWorker.made).toHaveLength(1);
  });

  test('of a model that is not known yet finds its worker started, which a small one does not keep', () => {
    const service = createLayoutService();
    service.prepare();
    service.request(column(600), vi.fn());
    expect(FakeWorker.made).toHaveLength(1);
    // What is in use stays.
    service.prepare(1000);
    expect(FakeWorker.made[0]?.terminated).toBe(false);

    const other = createLayoutService();
    other.prepare();
    other.prepare(1000);
    expect(FakeWorker.made[1]?.terminated).toBe(true);
  });

  test('of a small graph ends the large one before it', () => {
    const service = createLayoutService();
    const [first, second] = [
      vi.fn<(layout: NestedLayout) => void>(),
      vi.fn<(layout: NestedLayout) => void>(),
    ];
    service.request(column(600), first);
    service.request(column(20), second);
    const [worker] = FakeWorker.made;
    expect(worker?.terminated).toBe(true);
    expect(second).toHaveBeenCalledOnce();
  });

  test('is made on the page where the worker is refused, and from then on', () => {
    const service = createLayoutService();
    const graph = column(600);
    const [first, second] = [
      vi.fn<(layout: NestedLayout) => void>(),
      vi.fn<(layout: NestedLayout) => void>(),
    ];
    service.request(graph, first);
    const [worker] = FakeWorker.made;
    worker?.onerror?.();
    expect(first.mock.calls[0]?.[0].positions).toHaveLength(600);
    expect(worker?.terminated).toBe(true);
    service.request(graph, second);
    expect(second).toHaveBeenCalledOnce();
    expect(FakeWorker.made).toHaveLength(1);
  });
});
