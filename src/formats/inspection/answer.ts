import { parentPort } from 'node:worker_threads';
import { createInspector } from './inspect';
import type { ToInspector } from './messages';

/** A worker thread that looks at weights, so that what is edited and drawn meanwhile does not wait. */
const port = parentPort;
if (port) {
  const inspector = createInspector((message) => port.postMessage(message));
  port.on('message', (message: ToInspector) => inspector(message));
}
