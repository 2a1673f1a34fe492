import { beforeAll, describe, it } from 'vitest';
import { openEngine } from '../../src/trainer/engines/engine';
import { digitBatches, type Batch } from '../support/digits';
import { followTranscript } from '../support/transcripts';
import document from './transcripts.json';

/**
 * The sample net trained from the same start, on the same batches, beside real Keras (transcripts.py).
 */
describe('training steps against Keras', () => {
  let batches: readonly Batch[];

  beforeAll(async () => {
    await openEngine('wasm');
    batches = await digitBatches(20, document.batch);
  });

  it.each(Object.entries(document.transcripts))('%s', (_name, transcript) =>
    followTranscript(transcript, batches),
  );
});
