import { parentPort, workerData } from 'node:worker_threads';
import type { FinishRequest, FinishResult } from './finishingMessages';
import { finisherOf, type Finishing } from './finishPixels';

/** A worker thread that enlarges, augments and preprocesses images while an engine computes on the trainer's own. */
const port = parentPort;
if (port) {
  const finishing = workerData as Finishing;
  const finish = finisherOf(finishing);
  const { height, width, channels } = finishing.size;
  const sampleSize = height * width * channels;
  port.on('message', ({ request, samples }: FinishRequest) => {
    const numbers = new Float32Array(samples.length * sampleSize);
    samples.forEach((sample, position) => finish(sample, numbers, position * sampleSize));
    port.postMessage({ request, numbers } satisfies FinishResult, [numbers.buffer]);
  });
}
