import { readdir, readFile, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FeatureStore } from '../../../../src/trainer/features/featureStore';
import { toRecords, toTensors, type Layout } from '../../../../src/trainer/features/layout';
import { temporaryFolder } from '../../../support/temporary';

const LAYOUT: Layout = { samples: 4, shapes: [[2, 2], [3]] };
const RECORDS = Float32Array.from({ length: 4 * 7 }, (_, index) => index / 3);
const KEY = 'a'.repeat(64);
const PLENTY = 2 ** 20;

async function write(store: FeatureStore, key: string, records = RECORDS): Promise<void> {
  const part = await store.begin(key, LAYOUT);
  await part.append(records.subarray(0, 14));
  await part.append(records.subarray(14));
  await part.finish();
}

describe('records', () => {
  it('hold the tensors of a sample one after another', () => {
    const tensors = [
      { data: Float32Array.of(1, 2, 3, 4, 11, 12, 13, 14), shape: [2, 2, 2] },
      { data: Float32Array.of(5, 6, 7, 15, 16, 17), shape: [2, 3] },
    ];
    const records = toRecords(tensors, LAYOUT);
    expect([...records]).toEqual([1, 2, 3, 4, 5, 6, 7, 11, 12, 13, 14, 15, 16, 17]);
    expect(toTensors(records, LAYOUT)).toEqual(tensors);
  });
});

describe('kept features', () => {
  it.each([
    ['memory', PLENTY],
    ['disk', 0],
  ])('are read again from %s', async (where, memory) => {
    const store = new FeatureStore(await temporaryFolder(), PLENTY);
    await write(store, KEY);
    const rows = (await store.open(KEY, memory))!;
    expect(rows.kept).toBe(where);
    expect(rows.layout).toEqual(LAYOUT);
    expect(await rows.read(Uint32Array.of(2, 0, 2))).toEqual(
      Float32Array.of(...RECORDS.subarray(14, 21), ...RECORDS.subarray(0, 7), ...RECORDS.subarray(14, 21)),
    );
    await rows.close();
  });

  it('are not there before they are whole, nor after they were given up', async () => {
    const folder = await temporaryFolder();
    const store = new FeatureStore(folder, PLENTY);
    const part = await store.begin(KEY, LAYOUT);
    await part.append(RECORDS);
    expect(await store.open(KEY, PLENTY)).toBeUndefined();
    await part.abandon();
    expect(await readdir(folder)).toEqual([]);
  });

  const damages: Readonly<Record<string, (file: string) => Promise<void>>> = {
    'a flipped bit': async (file) => {
      const bytes = await readFile(file);
      bytes[bytes.length - 40]! ^= 1;
      await writeFile(file, bytes);
    },
    'a missing end': async (file) => truncate(file, (await stat(file)).size - 5),
    'a longer end': async (file) => writeFile(file, Buffer.concat([await readFile(file), Buffer.alloc(4)])),
    'another version': async (file) => {
      const bytes = await readFile(file);
      await writeFile(file, Buffer.concat([Buffer.from('MSFEAT99'), bytes.subarray(8)]));
    },
    'a header without end': async (file) => {
      const bytes = await readFile(file);
      bytes.writeUInt32LE(2 ** 31, 8);
      await writeFile(file, bytes);
    },
    'no features at all': async (file) => writeFile(file, 'not these'),
  };
  it.each(Object.entries(damages))('with %s are refused and gone', async (_, damage) => {
    const folder = await temporaryFolder();
    const store = new FeatureStore(folder, PLENTY);
    await write(store, KEY);
    const [name] = await readdir(folder);
    await damage(path.join(folder, name!));
    for (const memory of [PLENTY, 0]) {
      await expect(store.open(KEY, memory)).rejects.toThrow(/^it|^\[|^Invalid|JSON/);
      expect(await readdir(folder)).toEqual([]);
      await write(store, KEY);
      await damage(path.join(folder, name!));
    }
  });

  it('of another key under this name are refused', async () => {
    const folder = await temporaryFolder();
    const store = new FeatureStore(folder, PLENTY);
    await write(store, KEY);
    const [name] = await readdir(folder);
    const other = 'b'.repeat(64);
    await writeFile(path.join(folder, name!.replace(KEY, other)), await readFile(path.join(folder, name!)));
    await expect(store.open(other, PLENTY)).rejects.toThrow('it is of other features');
  });

  it('may be written by two processes at once', async () => {
    const folder = await temporaryFolder();
    const stores = [new FeatureStore(folder, PLENTY), new FeatureStore(folder, PLENTY)];
    await Promise.all(stores.map((store) => write(store, KEY)));
    expect(await readdir(folder)).toHaveLength(1);
    const rows = await stores[0]!.open(KEY, PLENTY);
    expect(await rows!.read(Uint32Array.of(0, 1, 2, 3))).toEqual(RECORDS);
  });

  it('make room by when they were used last, and leave strangers alone', async () => {
    const folder = await temporaryFolder();
    const keys = ['0', '1', '2'].map((digit) => digit.repeat(64));
    await write(new FeatureStore(folder, PLENTY), keys[0]!);
    const { size } = await stat(path.join(folder, `${keys[0]}.features`));
    const store = new FeatureStore(folder, 3 * size);
    await writeFile(path.join(folder, 'notes.txt'), 'mine');
    for (const [age, key] of keys.entries()) {
      await write(store, key);
      const then = new Date(Date.now() - (10 - age) * 60_000);
      await utimes(path.join(folder, `${key}.features`), then, then);
    }
    // Used just now, though it is the oldest.
    await (await store.open(keys[0]!, PLENTY))!.close();
    await write(store, KEY);
    expect((await readdir(folder)).toSorted()).toEqual(
      [keys[0], keys[2], KEY].map((key) => `${key}.features`).concat('notes.txt'),
    );
    const tooLarge = { ...LAYOUT, samples: 1000 };
    expect([LAYOUT, tooLarge].map((layout) => store.hasRoomFor(layout))).toEqual([true, false]);
  });

  it('of a process that went long ago are cleared away', async () => {
    const folder = await temporaryFolder();
    const store = new FeatureStore(folder, PLENTY);
    const [old, young] = ['old', 'new'].map((name) => path.join(folder, `${KEY}.features.${name}.part`));
    const longAgo = new Date(Date.now() - 48 * 60 * 60 * 1000);
    await writeFile(old!, '');
    await utimes(old!, longAgo, longAgo);
    await writeFile(young!, '');
    await write(store, KEY);
    expect((await readdir(folder)).toSorted()).toEqual([`${KEY}.features`, path.basename(young!)]);
  });
});
