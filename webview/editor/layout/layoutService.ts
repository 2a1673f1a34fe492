import source from './layout.worker?inline';
import type { LayoutAnswer, LayoutRequest } from './layout.worker';
import { layoutNested } from './nested';
import type { NestedGraph, NestedLayout } from './nested';

/** Below so many nodes a layout takes less time than a worker takes to start. */
const WORTH_A_WORKER = 500;

/** Lays graphs out, the large ones in a worker; only the newest request is answered, and an older one is ended. */
export interface LayoutService {
  request(graph: NestedGraph, done: (layout: NestedLayout) => void): void;
}

export function createLayoutService(): LayoutService {
  let worker: Worker | undefined;
  let refused = false;
  let newest = 0;
  let pending: (() => void) | undefined;

  const end = () => {
    worker?.terminate();
    worker = undefined;
    pending = undefined;
  };
  /** Where the page's policy refuses blob workers there is an error event and no exception. */
  const giveUp = () => {
    refused = true;
    const waiting = pending;
    end();
    waiting?.();
  };
  const start = () => {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const started = new Worker(url);
    started.onerror = giveUp;
    return started;
  };

  return {
    request(graph, done) {
      const id = ++newest;
      // A worker in the middle of a layout hears nothing: it is ended, and the next request starts another.
      if (pending) end();
      if (graph.nodes.length < WORTH_A_WORKER || refused) {
        done(layoutNested(graph));
        return;
      }
      pending = () => done(layoutNested(graph));
      worker ??= start();
      worker.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
        if (data.id !== newest) return;
        pending = undefined;
        done(data.layout);
      };
      const request: LayoutRequest = { id, graph };
      worker.postMessage(request);
    },
  };
}
