import source from './layout.worker?inline';
import type { LayoutAnswer, LayoutRequest } from './layout.worker';
import { layoutNested } from './nested';
import type { NestedGraph, NestedLayout } from './nested';
import { packGraph, unpackLayout } from './packed';

/** Below so many nodes a layout takes less time than a worker takes to start. */
const WORTH_A_WORKER = 500;
/** A model of so many layers is worth one even while its boxes are closed: there are many of them, or they are opened. */
const WORTH_PREPARING = 2500;
/** So many milliseconds a layout that nobody waits for any more may take, before its worker is ended. */
const PATIENCE = 150;

/** Lays graphs out, the large ones in a worker; only the newest request is answered, and an older one is ended. */
export interface LayoutService {
  /**
   * A model of so many layers is about to be laid out, or one that is not known yet: what a large one needs starts
   * meanwhile, and what a small one does not need ends.
   */
  prepare(layers?: number): void;
  request(graph: NestedGraph, done: (layout: NestedLayout) => void): void;
}

export function createLayoutService(): LayoutService {
  let worker: Worker | undefined;
  let refused = false;
  /** Whether the worker has been asked for anything. */
  let used = false;
  let newest = 0;
  /** The newest request, while it is in the worker. */
  let pending: { readonly id: number; readonly graph: NestedGraph; readonly done: Done } | undefined;
  /** How many requests the worker has not answered. */
  let unanswered = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stopTimer = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  const end = () => {
    stopTimer();
    worker?.terminate();
    worker = undefined;
    used = false;
    unanswered = 0;
  };
  /** Where the page's policy refuses blob workers there is an error event and no exception. */
  const giveUp = () => {
    refused = true;
    end();
    const waiting = pending;
    pending = undefined;
    waiting?.done(layoutNested(waiting.graph));
  };
  const start = () => {
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
    const started = new Worker(url);
    started.onerror = giveUp;
    started.onmessage = ({ data }: MessageEvent<LayoutAnswer>) => {
      if (worker !== started) return;
      unanswered -= 1;
      if (unanswered <= 1) stopTimer();
      if (data.id !== pending?.id) return;
      const { done } = pending;
      pending = undefined;
      done(unpackLayout(data.layout));
    };
    return started;
  };
  const post = (id: number, graph: NestedGraph) => {
    worker ??= start();
    used = true;
    unanswered += 1;
    const request: LayoutRequest = { id, graph: packGraph(graph) };
    worker.postMessage(request, [request.graph.numbers.buffer]);
  };

  return {
    prepare(layers = Infinity) {
      if (layers >= WORTH_PREPARING && !refused) worker ??= start();
      else if (!used) end();
    },
    request(graph, done) {
      const id = ++newest;
      pending = undefined;
      if (graph.nodes.length < WORTH_A_WORKER || refused) {
        if (unanswered > 0) end();
        done(layoutNested(graph));
        return;
      }
      pending = { id, graph, done };
      if (unanswered > 0) {
        // A worker in the middle of a layout hears nothing. Most are done in a moment; one that is not is ended.
        timer ??= setTimeout(() => {
          const waiting = pending;
          end();
          if (waiting) post(waiting.id, waiting.graph);
        }, PATIENCE);
      }
      post(id, graph);
    },
  };
}

type Done = (layout: NestedLayout) => void;
