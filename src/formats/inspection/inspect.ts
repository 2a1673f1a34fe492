import { setImmediate as turn } from 'node:timers/promises';
import { Failure } from '../../core/failure';
import { sizeOf, type WeightRef } from '../../core/graph/layerGraph';
import { filterPictures } from '../../core/weights/filters';
import { joinMovements, movementOf, type Movement } from '../../core/weights/movement';
import { statisticsOf } from '../../core/weights/statistics';
import { openWeights } from '../weights';
import type { FromInspector, ToInspector } from './messages';
import { t } from '../../l10n/translate';

/** A weight is measured in memory, twice its size at worst: a gigabyte of numbers is the most that is taken on. */
const MOST_NUMBERS = 2 ** 28;

/** Carries requests out one after the other, each in steps between which it may be cancelled. */
export function createInspector(answer: (message: FromInspector) => void): (message: ToInspector) => void {
  const cancelled = new Set<number>();
  let queue = Promise.resolve();
  return (message) => {
    if (message.type === 'cancel') {
      cancelled.add(message.request);
      return;
    }
    queue = queue.then(async () => {
      const { request } = message;
      try {
        await carryOut(message, answer, () => cancelled.has(request));
        if (!cancelled.has(request)) answer({ type: 'done', request });
      } catch (error) {
        if (cancelled.has(request)) return;
        const { code, message: text } =
          error instanceof Failure ? error : { code: 'WEIGHTS_UNREADABLE', message: String(error) };
        answer({ type: 'failed', request, code, message: text });
      } finally {
        cancelled.delete(request);
      }
    });
  };
}

async function carryOut(
  message: Exclude<ToInspector, { readonly type: 'cancel' }>,
  answer: (message: FromInspector) => void,
  isCancelled: () => boolean,
): Promise<void> {
  const { request } = message;
  const reader = openWeights();
  const read = (weight: WeightRef) => {
    if (sizeOf(weight.shape) <= MOST_NUMBERS) return reader.read(weight);
    const found = sizeOf(weight.shape).toLocaleString('en');
    throw new Failure(
      'input',
      'WEIGHT_TOO_LARGE',
      t(
        'weight "{0}": found {1} numbers, expected at most {2} to look at',
        weight.name,
        found,
        MOST_NUMBERS.toLocaleString('en'),
      ),
    );
  };
  try {
    if (message.type === 'filters') {
      const { weight, channel } = message;
      const filters = filterPictures(await read(weight), weight.shape, channel);
      return answer({ type: 'filters', request, filters });
    }
    if (message.type === 'compare') {
      const movements: Movement[] = [];
      for (const { before, after } of message.pairs) {
        await turn();
        if (isCancelled()) return;
        movements.push(movementOf(await read(before), await read(after)));
      }
      return answer({ type: 'compared', request, movement: joinMovements(movements) });
    }
    for (const [at, weight] of message.weights.entries()) {
      // Lets a cancellation in: reading a file may never wait.
      await turn();
      if (isCancelled()) return;
      answer({ type: 'measured', request, at, statistics: statisticsOf(await read(weight)) });
    }
  } finally {
    await reader.close();
  }
}
