import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { floatOf, int64Of, type WireField } from '../../../../src/formats/protobuf/wire';
import { scanFields, WireSource } from '../../../../src/formats/protobuf/wireSource';
import { WireWriter } from '../../../../src/formats/protobuf/wireWriter';
import { temporaryFolder } from '../fixtures';

const scan = (...bytes: number[]) => {
  const source = WireSource.of(Uint8Array.from(bytes), 'bytes');
  return scanFields(source, source.whole);
};

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (error instanceof Failure) return error;
  throw new Error(`expected a Failure, found ${String(error)}`);
}

describe('what the writer writes, the reader reads', () => {
  const inner = new WireWriter().text(1, 'außen').int(2, -3);
  const bytes = new WireWriter()
    .int(1, 300)
    .float(2, 0.5)
    .message(3, inner)
    .packedInts(4, [1, -2, 2 ** 40])
    .packedFloats(5, [1.5, -2])
    .int(100_000, 2n ** 63n - 1n)
    .finish();

  const check = async (source: WireSource) => {
    const fields = await scanFields(source, source.whole);
    expect(fields.map((field) => [field.number, field.type])).toEqual([
      [1, 'varint'],
      [2, 'fixed32'],
      [3, 'bytes'],
      [4, 'bytes'],
      [5, 'bytes'],
      [100_000, 'varint'],
    ]);
    const [whole, float, message, ints, floats, large] = fields as [WireField, ...WireField[]];
    expect(int64Of(whole.value, 'field 1')).toBe(300);
    expect(floatOf(float!.value)).toBe(0.5);
    const [text, negative] = await scanFields(source, message!);
    expect(await source.text(text!)).toBe('außen');
    expect(int64Of(negative!.value, 'field 2')).toBe(-3);
    expect(await source.packedInts(ints!)).toEqual([1, -2, 2 ** 40]);
    expect(await source.packedFloats(floats!)).toEqual([1.5, -2]);
    expect(() => int64Of(large!.value, 'field 100000')).toThrow('below 2^53');
  };

  test('in memory', () => check(WireSource.of(bytes, 'bytes')));

  test('in a file', async () => {
    const file = path.join(await temporaryFolder(), 'message.pb');
    await writeFile(file, bytes);
    const source = await WireSource.open(file);
    try {
      await check(source);
    } finally {
      await source.close();
    }
  });
});

test('a large field is jumped over, not read', async () => {
  const file = path.join(await temporaryFolder(), 'large.pb');
  const head = new WireWriter().openField(1, 2 ** 20).finish();
  await writeFile(file, Buffer.concat([head, Buffer.alloc(2 ** 20), new WireWriter().int(2, 7).finish()]));
  const source = await WireSource.open(file);
  try {
    const [large, after] = await scanFields(source, source.whole);
    expect(large).toMatchObject({ offset: head.length, byteLength: 2 ** 20 });
    expect(after).toMatchObject({ number: 2, value: 7n });
    expect(source.fileRange(large!)).toEqual({ path: file, offset: head.length, byteLength: 2 ** 20 });
  } finally {
    await source.close();
  }
});

describe('bad messages', () => {
  test.each([
    ['a length past the end', [0x0a, 0x05, 1, 2], 'byte 0: found field 1 of 5 bytes, expected at most 2'],
    ['a number cut off', [0x08, 0x80], 'byte 1: found a number that goes on past the end'],
    ['a tag cut off', [0x88], 'byte 0: found a number that goes on past the end'],
    ['a number without end', [0x08, ...new Array<number>(11).fill(0xff)], 'more than ten bytes'],
    ['a group', [0x0b], 'wire type 3'],
    ['field 0', [0x02, 0x00], 'field 0'],
    ['a float cut off', [0x0d, 0, 0], 'field 1 cut off after 2 bytes, expected 4 bytes'],
    ['an absurd length', [0x0a, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], 'expected at most 0'],
  ])('%s', async (_what, bytes, message) => {
    const failure = await failureOf(scan(...bytes));
    expect(failure).toMatchObject({ kind: 'input', code: 'PROTO_CORRUPT' });
    expect(failure.message).toContain(message);
  });

  test('text that is not UTF-8', async () => {
    const source = WireSource.of(Uint8Array.of(0xff, 0xfe), 'bytes');
    expect(await failureOf(source.text(source.whole))).toMatchObject({ kind: 'input', code: 'PROTO_TEXT' });
  });
});
