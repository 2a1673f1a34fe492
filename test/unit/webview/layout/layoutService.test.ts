import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { layoutGraph } from '../../../../webview/editor/layout/layoutGraph';
import type { Layout } from '../../../../webview/editor/layout/layoutGraph';
import { createLayoutService } from '../../../../webview/editor/layout/layoutService';
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
    this.onmessage?.({ data: { id: request.id, layout: layoutGraph(request.nodes, request.edges) } });
  }
}

function column(count: number) {
  const nodes = Array.from({ length: count }, (_, place) => ({ id: `n${place}`, width: 10, height: 10 }));
  const edges = nodes.slice(1).map(({ id }, place) => ({ source: `n${place}`, target: id }));
  return { nodes, edges };
}

beforeEach(() => {
  FakeWorker.made = [];
  vi.stubGlobal('Worker', FakeWorker);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:layout');
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('a layout', () => {
  test('of a small graph is there at once', () => {
    const { nodes, edges } = column(20);
    const done = vi.fn<(layout: Layout) => void>();
    createLayoutService().request(nodes, edges, done);
    expect(done).toHaveBeenCalledExactlyOnceWith(layoutGraph(nodes, edges));
    expect(FakeWorker.made).toHaveLength(0);
  });

  test('of a large graph comes from a worker, the newest alone', () => {
    const service = createLayoutService();
    const [first, second] = [vi.fn<(layout: Layout) => void>(), vi.fn<(layout: Layout) => void>()];
    const [large, larger] = [column(600), column(700)];
    service.request(large.nodes, large.edges, first);
    service.request(larger.nodes, larger.edges, second);
    expect(FakeWorker.made).toHaveLength(1);
    const [worker] = FakeWorker.made;
    worker?.answer(worker.requests[0]);
    worker?.answer(worker.requests[1]);
    expect(first).not.toHaveBeenCalled();
    expect(second.mock.calls[0]?.[0].positions).toHaveLength(700);
  });

  test('is made on the page where the worker is refused, and from then on', () => {
    const service = createLayoutService();
    const { nodes, edges } = column(600);
    const [first, second] = [vi.fn<(layout: Layout) => void>(), vi.fn<(layout: Layout) => void>()];
    service.request(nodes, edges, first);
    const [worker] = FakeWorker.made;
    worker?.onerror?.();
    expect(first.mock.calls[0]?.[0].positions).toHaveLength(600);
    expect(worker?.terminated).toBe(true);
    service.request(nodes, edges, second);
    expect(second).toHaveBeenCalledOnce();
    expect(FakeWorker.made).toHaveLength(1);
  });
});
