import { appendFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../../src/core/run/events';
import { maskedCrc32c } from '../../../../src/formats/tensorflow/crc32c';
import { Board, type BoardOptions } from '../../../../src/runs/tensorboard/board';
import { sessionStartEvent, summaryEvent, versionEvent } from '../../../../src/runs/tensorboard/event';
import { tfRecord } from '../../../../src/runs/tensorboard/record';
import { freezeSetTable, jsonBlock } from '../../../../src/runs/tensorboard/texts';
import { temporaryFolder } from '../../../support/temporary';
import { chain } from '../../support/graphs';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('bytes, as TensorFlow 2.21 writes them', () => {
  test('a record', () => {
    expect(hex(tfRecord(Buffer.from('model surgery')))).toBe(
      '0d000000000000003c37b8346d6f64656c2073757267657279556f8646',
    );
  });

  test('a scalar and a text', () => {
    const event = summaryEvent(1_700_000_000_250, 3, [
      { tag: 'epoch_loss', scalar: 0.5 },
      { tag: 'plan', text: 'größe' },
    ]);
    expect(hex(event)).toBe(
      '0900001040fc54d94110032a360a110a0a65706f63685f6c6f7373150000003f0a210a04706c616e420d' +
        '0807120042076772c3b6c39f654a0a0a060a04746578742002',
    );
  });

  test('the version of a file, and the beginning of a session', () => {
    expect(hex(versionEvent(1500))).toBe('09000000000000f83f1a0d627261696e2e4576656e743a32');
    expect(hex(sessionStartEvent(1500, 8))).toBe('09000000000000f83f10083a020801');
  });
});

const time = 1_700_000_000_000;
const step = (number: number): RunEvent => ({
  type: 'step',
  time,
  step: number,
  epoch: 1,
  metrics: { loss: 1 / number },
});
const epoch = (number: number): RunEvent => ({
  type: 'epoch',
  time,
  epoch: number,
  step: 3 * number,
  metrics: { loss: 0.5, val_loss: 0.25 },
  seconds: 1,
  samplesPerSecond: 12,
});

async function opened(options: Partial<BoardOptions> = {}, resumedAfter?: number) {
  const run = options.run ?? (await temporaryFolder());
  const refused: unknown[] = [];
  const board = new Board({
    run,
    hasValidation: true,
    freezeSet: (phase) => `phase ${phase}`,
    learningRate: () => 0.125,
    onRefused: (error) => refused.push(error),
    ...options,
  });
  await board.open(resumedAfter);
  return { run, board, refused };
}

/** The contents of the whole records of a file, their checksums looked at, and how many bytes follow them. */
function recordsOf(bytes: Buffer): { readonly records: readonly Buffer[]; readonly torn: number } {
  const records: Buffer[] = [];
  let at = 0;
  while (at + 12 <= bytes.length) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(bytes.readUInt32LE(at + 8)).toBe(maskedCrc32c(bytes.subarray(at, at + 8)));
    if (at + 16 + length > bytes.length) break;
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    records.push(data);
    at += 16 + length;
  }
  return { records, torn: bytes.length - at };
}

async function filesOf(run: string, name: string) {
  const folder = path.join(run, 'tensorboard', name);
  const names = (await readdir(folder)).sort();
  return { names, contents: await Promise.all(names.map((file) => readFile(path.join(folder, file)))) };
}

describe('a run for TensorBoard', () => {
  test('has each event in its file when it was told, by Keras’s tags', async () => {
    const { run, board } = await opened();
    board.texts(time, { plan: jsonBlock('{"epochs": 1}\n') });
    board.take({ type: 'phase', time, phase: 0, epoch: 1, trainableLayers: 1, frozenLayers: 2 });
    board.take(step(1));
    board.take(epoch(1));
    // Before anything is closed: a kill would leave the same.
    const [train] = (await filesOf(run, 'train')).contents.map(recordsOf);
    expect(train!.torn).toBe(0);
    expect(train!.records.slice(2).map(hex)).toEqual(
      [
        summaryEvent(time, 0, [{ tag: 'plan', text: '```json\n{"epochs": 1}\n```' }]),
        summaryEvent(time, 0, [{ tag: 'freeze_set', text: 'phase 0' }]),
        summaryEvent(time, 1, [{ tag: 'batch_loss', scalar: 1 }]),
        summaryEvent(time, 0, [
          { tag: 'epoch_loss', scalar: 0.5 },
          { tag: 'epoch_learning_rate', scalar: 0.125 },
        ]),
      ].map(hex),
    );
    const [validation] = (await filesOf(run, 'validation')).contents.map(recordsOf);
    expect(validation!.records.slice(2).map(hex)).toEqual([
      hex(summaryEvent(time, 3, [{ tag: 'evaluation_loss_vs_iterations', scalar: 0.25 }])),
      hex(summaryEvent(time, 0, [{ tag: 'epoch_loss', scalar: 0.25 }])),
    ]);
    board.close();
  });

  test('has no validation where none is measured', async () => {
    const { run, board } = await opened({ hasValidation: false });
    board.close();
    expect(await readdir(path.join(run, 'tensorboard'))).toEqual(['train']);
  });

  test('goes on in a new file, read after the others, whatever the clock says', async () => {
    const { run, board } = await opened();
    board.take(step(1));
    board.close();
    const folder = path.join(run, 'tensorboard', 'train');
    const [first] = (await filesOf(run, 'train')).names;
    await appendFile(path.join(folder, first!), 'torn by a kill');
    await writeFile(path.join(folder, 'events.out.tfevents.9000000000.other.0.v2'), '');
    const resumed = await opened({ run }, 1);
    resumed.board.take(step(2));
    resumed.board.close();
    const { names, contents } = await filesOf(run, 'train');
    expect(names.map((name) => name.split('.')[3])).toEqual([
      first!.split('.')[3],
      '9000000000',
      '9000000001',
    ]);
    const { records, torn } = recordsOf(contents[2]!);
    expect(torn).toBe(0);
    // Step 2 comes again: what an earlier process wrote of it is no part of the run.
    expect(hex(records[1]!).endsWith('10023a020801')).toBe(true);
    expect(hex(records[2]!)).toBe(hex(summaryEvent(time, 2, [{ tag: 'batch_loss', scalar: 0.5 }])));
  });

  test('that cannot be written is told of once, and costs the run nothing', async () => {
    const run = await temporaryFolder();
    await mkdir(path.join(run, 'tensorboard'));
    await writeFile(path.join(run, 'tensorboard', 'train'), 'a file in its place');
    const { board, refused } = await opened({ run });
    board.take(step(1));
    board.take(epoch(1));
    board.close();
    expect(refused).toHaveLength(1);
  });
});

test('a freeze set is a table, whatever its layers are called', () => {
  const graph = chain(
    [null, 4],
    { kind: 'Dense', name: 'a|b', config: { units: 2 } },
    { kind: 'ReLU', name: 'relu' },
    { kind: 'Dense', name: 'head', config: { units: 2 } },
  );
  const layers = graph.layers.map((layer) => ({ ...layer, trainable: layer.name === 'head' }));
  expect(freezeSetTable({ ...graph, layers }).split('\n')).toEqual([
    '1 of 2 layers with weights are frozen.',
    '',
    '| layer | kind | |',
    '|---|---|---|',
    '| a\\|b | Dense | frozen |',
    '| head | Dense | trained |',
  ]);
});
