import source from './layout.worker?inline';
import type { LayoutAnswer, LayoutRequest } from './layout.worker';
import { layoutGraph } from './layoutGraph';
import type { Layout, LayoutEdge, LayoutNode } from './layoutGraph';

/** Below so many nodes a layout takes less time than a worker takes to start. */
const WORTH_A_WORKER = 500;

/** Lays graphs out, the large ones in a worker; only the newest request is answered. */
export interface LayoutService {
  request(nodes: readonly LayoutNode[], edges: readonly LayoutEdge[], done: (layout: Layout) => void): void;
}

export function createLayoutService(): LayoutService {
  let worker: Worker | undefined;
  let refused = false;
  let newest = 0;
  let pending: (() => void) | undefined;

  /** Where the page's policy refuses blob workers there is an error event and no exception. */
  const giveUp = () => {
    refused = true;
    worker?.terminate();
    worker = undefined;
    pending?.();
    pending = undefined;
  };
  const start = () => {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const started = new Worker(url);
    started.onerror = giveUp;
    return started;
  };

  return {
    request(nodes, edges, done) {
      const id = ++newest;
      if (nodes.length < WORTH_A_WORKER || refused) {
        done(layoutGraph(nodes, edges));
        return;
      }
      pending = () => done(layoutGraph(nodes, edges));
      worker ??= start();
      worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.id !== newest) return;
        pending = undefined;
        done(data.layout);
      };
      const request: LayoutRequest = { id, nodes, edges };
      worker.postMessage(request);
    },
  };
}
