import { createHash, type Hash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import * as z from 'zod';
import { bytesOf, type Layout } from './layout';
import { rowsInFile, rowsInMemory, type Rows } from './rows';

/*
 * A file of features: the magic, which holds the version; the length of the header; the header, JSON; the records of all
 * samples as little-endian float32; SHA-256 of the header and the records.
 */

const MAGIC = Buffer.from('MSFEAT01');
const LENGTH_BYTES = 4;
const DIGEST_BYTES = 32;
/** Names shapes alone: a longer header is not ours. */
const MAX_HEADER_BYTES = 64 * 1024;
const CHUNK_BYTES = 4 * 1024 * 1024;

const size = z.int().positive();
const headerSchema = z.object({ key: z.string(), samples: size, shapes: z.array(z.array(size)).min(1) });

/** Appends records in the order of the samples. */
export class FeatureFileWriter {
  private constructor(
    private readonly file: FileHandle,
    private readonly hash: Hash,
  ) {}

  /** @param path of a file that there is not yet */
  static async create(path: string, key: string, layout: Layout): Promise<FeatureFileWriter> {
    const file = await open(path, 'wx');
    const header = Buffer.from(JSON.stringify({ key, ...layout }));
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32LE(header.length);
    await file.writeFile(Buffer.concat([MAGIC, length, header]));
    return new FeatureFileWriter(file, createHash('sha256').update(header));
  }

  async append(records: Float32Array): Promise<void> {
    const bytes = new Uint8Array(records.buffer, records.byteOffset, records.byteLength);
    this.hash.update(bytes);
    await this.file.writeFile(bytes);
  }

  /** Makes the file whole, and its bytes safe before anybody gives it its name. */
  async finish(): Promise<void> {
    await this.file.writeFile(this.hash.digest());
    await this.file.sync();
    await this.file.close();
  }

  abandon(): Promise<void> {
    return this.file.close();
  }
}

/**
 * The features of a file, in memory where they fit; nothing where there is no file. Every byte is checked first.
 * @throws Error that says what is broken
 */
export async function openFeatureFile(path: string, key: string, memory: number): Promise<Rows | undefined> {
  const file = await open(path, 'r').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  if (!file) return undefined;
  let keepsOpen = false;
  try {
    const { header, layout, begin } = await readHeader(file, key);
    const bytes = bytesOf(layout);
    const records = bytes <= memory ? new Uint8Array(bytes) : undefined;
    const found = await digestOf(file, header, begin, bytes, records);
    const expected = await readAll(file, begin + bytes, DIGEST_BYTES);
    if (!found.equals(expected)) throw new Error('its checksum is not that of its bytes');
    if (records) return rowsInMemory(layout, new Float32Array(records.buffer));
    keepsOpen = true;
    return rowsInFile(layout, file, begin);
  } finally {
    if (!keepsOpen) await file.close();
  }
}

async function readHeader(file: FileHandle, key: string) {
  const head = await readAll(file, 0, MAGIC.length + LENGTH_BYTES);
  if (!head.subarray(0, MAGIC.length).equals(MAGIC))
    throw new Error('it does not begin as features of this version do');
  const length = head.readUInt32LE(MAGIC.length);
  if (length > MAX_HEADER_BYTES)
    throw new Error(`its header has ${length} bytes, expected at most ${MAX_HEADER_BYTES}`);
  const header = await readAll(file, head.length, length);
  const { key: itsKey, ...layout } = headerSchema.parse(JSON.parse(header.toString()));
  if (itsKey !== key) throw new Error('it is of other features');
  const begin = head.length + length;
  const expected = begin + bytesOf(layout) + DIGEST_BYTES;
  const { size: found } = await file.stat();
  if (found !== expected) throw new Error(`it has ${found} bytes, expected ${expected}`);
  return { header, layout, begin };
}

async function digestOf(
  file: FileHandle,
  header: Buffer,
  begin: number,
  bytes: number,
  into: Uint8Array | undefined,
): Promise<Buffer> {
  const hash = createHash('sha256').update(header);
  const passing = new Uint8Array(into ? 0 : Math.min(CHUNK_BYTES, bytes));
  for (let at = 0; at < bytes; at += CHUNK_BYTES) {
    const length = Math.min(CHUNK_BYTES, bytes - at);
    const chunk = into ? into.subarray(at, at + length) : passing.subarray(0, length);
    await fill(file, begin + at, chunk);
    hash.update(chunk);
  }
  return hash.digest();
}

async function readAll(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  await fill(file, at, bytes);
  return bytes;
}

async function fill(file: FileHandle, at: number, into: Uint8Array): Promise<void> {
  for (let end = 0; end < into.length;) {
    const { bytesRead } = await file.read(into, end, into.length - end, at + end);
    if (bytesRead === 0) throw new Error('it ends too early');
    end += bytesRead;
  }
}
