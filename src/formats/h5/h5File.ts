import path from 'node:path';
import type { Dataset, Entity, File, Group } from 'h5wasm/node';
import { Failure } from '../../core/failure';
import { sizeOf, type DType } from '../../core/graph/layerGraph';
import { readHead, statFile } from '../byteSource';
import { toFloat32 } from '../weightBytes';
import { readTexts } from './attribute';
import { EXPANSION_FLOOR_BYTES, MAX_EXPANSION, MAX_NAME_CHUNKS, MAX_NAMES, READ_CHUNK_BYTES } from './bounds';
import { allowFile, callH5, loadH5, type H5Library } from './library';
import { findSuperblock, HEAD_BYTES } from './superblock';

/** A dataset's header. */
export interface DatasetHeader {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** An HDF5 file opened for reading; close it. */
export class H5File {
  private constructor(
    readonly path: string,
    private readonly bytes: number,
    private readonly library: H5Library,
    private readonly file: File,
    private readonly forbid: () => void,
  ) {}

  /** @throws Failure `H5_TRUNCATED`, `H5_CORRUPT`, `NOT_A_MODEL`, `FILE_MISSING` */
  static async open(given: string): Promise<H5File> {
    const absolute = path.resolve(given);
    const { size } = await statFile(absolute);
    const superblock = findSuperblock(await readHead(absolute, HEAD_BYTES));
    if (!superblock)
      throw new Failure('input', 'NOT_A_MODEL', `${given}: is not an HDF5 file`, { path: given });
    if (superblock.fileLength !== undefined && size < superblock.fileLength) {
      throw new Failure(
        'input',
        'H5_TRUNCATED',
        `${given}: the file is cut short: found ${size} bytes, expected ${superblock.fileLength}; copy or download it again`,
        { path: given },
      );
    }
    const library = await loadH5();
    const forbid = allowFile(absolute);
    try {
      const file = callH5(given, 'the file', () => new library.File(absolute, 'r'));
      return new H5File(given, size, library, file, forbid);
    } catch (cause) {
      forbid();
      throw superblock.fileLength === undefined
        ? new Failure(
            'input',
            'H5_TRUNCATED',
            `${given}: the file is cut short: found ${size} bytes, which is less than its header`,
            { path: given, cause },
          )
        : cause;
    }
  }

  close(): void {
    try {
      this.file.close();
    } finally {
      this.forbid();
    }
  }

  /** Whether there is a group or a dataset. */
  has(at: string): boolean {
    return this.entity(at) !== undefined;
  }

  /** A text attribute of a group, or undefined where there is none. */
  text(at: string, name: string): string | undefined {
    return callH5(this.path, `attribute ${name} of ${at}`, () => {
      const texts = this.attributeNames(at).includes(name) ? this.readTexts(at, name) : undefined;
      if (texts === undefined || texts.length === 1) return texts?.[0];
      throw this.unexpected(`attribute ${name} of ${at}`, `${texts.length} texts`, 'one');
    });
  }

  /** A list of texts that may be cut into `name0`, `name1`…, as Keras does to those over 64 KB. */
  texts(at: string, name: string): readonly string[] | undefined {
    return callH5(this.path, `attribute ${name} of ${at}`, () => {
      const attributes = new Set(this.attributeNames(at));
      if (attributes.has(name)) return this.readTexts(at, name);
      if (!attributes.has(`${name}0`)) return undefined;
      const texts: string[] = [];
      for (let chunk = 0; chunk < MAX_NAME_CHUNKS && attributes.has(`${name}${chunk}`); chunk++) {
        for (const text of this.readTexts(at, `${name}${chunk}`)) texts.push(text);
      }
      return texts;
    });
  }

  /** @throws Failure `H5_CORRUPT` where there is no such dataset, or one that no weight can be */
  header(at: string): DatasetHeader {
    return callH5(this.path, `dataset ${at}`, () => {
      const { metadata } = this.dataset(at);
      const { shape, type, size, signed } = metadata;
      const family =
        type === FLOAT_CLASS ? 'float' : type === INTEGER_CLASS ? (signed ? 'int' : 'uint') : 'type ';
      const dtype = `${family}${family === 'type ' ? type : size * 8}`;
      if (!shape || !isReadable(dtype)) {
        throw this.unexpected(`dataset ${at}`, `items of ${dtype}`, `one of ${READABLE.join(', ')}`);
      }
      if (metadata.virtual_sources) {
        throw this.unexpected(`dataset ${at}`, 'a view of other datasets', 'numbers of its own');
      }
      const claimed = sizeOf(shape) * size;
      if (claimed > EXPANSION_FLOOR_BYTES && claimed > MAX_EXPANSION * this.bytes) {
        throw this.unexpected(
          `dataset ${at}`,
          `a claim of ${claimed} bytes in a file of ${this.bytes}`,
          `at most ${MAX_EXPANSION} times the file`,
        );
      }
      return { shape, dtype };
    });
  }

  /**
   * A dataset's numbers as float32, row-major.
   * @throws Failure `WEIGHT_SHAPE` where its shape is not the expected one
   */
  readNumbers(at: string, expected: readonly number[]): Float32Array {
    const { shape, dtype } = this.header(at);
    if (shape.join() !== expected.join()) {
      throw new Failure(
        'input',
        'WEIGHT_SHAPE',
        `${this.path}: dataset ${at}: found shape [${shape.join(', ')}], expected [${expected.join(', ')}]`,
        { path: this.path },
      );
    }
    const values = new Float32Array(sizeOf(shape));
    if (values.length === 0) return values;
    const rows = shape[0] ?? 1;
    const rowLength = values.length / rows;
    const step = Math.max(1, Math.floor(READ_CHUNK_BYTES / (rowLength * 8)));
    for (let row = 0; row < rows; row += step) {
      const end = Math.min(row + step, rows);
      const range = shape.length === 0 ? undefined : ([row, end] as const);
      values.set(this.readRows(at, range, dtype, (end - row) * rowLength), row * rowLength);
    }
    return values;
  }

  private readRows(
    at: string,
    rows: readonly [number, number] | undefined,
    dtype: DType,
    length: number,
  ): Float32Array {
    return callH5(this.path, `dataset ${at}`, () => {
      const dataset = this.dataset(at);
      const value = rows ? dataset.slice([[rows[0], rows[1]]]) : dataset.value;
      if (typeof value === 'number' || typeof value === 'bigint') return Float32Array.of(Number(value));
      if (!ArrayBuffer.isView(value)) throw this.unexpected(`dataset ${at}`, 'no numbers', dtype);
      const bytes = new Uint8Array(value.byteLength);
      bytes.set(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
      const numbers = toFloat32(bytes, dtype);
      if (numbers.length !== length) {
        throw this.unexpected(`dataset ${at}`, `${numbers.length} numbers`, `${length}`);
      }
      return numbers;
    });
  }

  private entity(at: string): Entity | undefined {
    return callH5(this.path, at, () => this.file.get(at) ?? undefined);
  }

  private group(at: string): Group | undefined {
    const entity = this.entity(at);
    if (entity === undefined) return undefined;
    if (entity instanceof this.library.Group) return entity;
    throw this.unexpected(at, 'no group', 'a group');
  }

  private dataset(at: string): Dataset {
    const entity = this.entity(at);
    if (entity instanceof this.library.Dataset) return entity;
    throw this.unexpected(at, entity === undefined ? 'nothing' : 'no dataset of this file', 'a dataset');
  }

  private attributeNames(at: string): readonly string[] {
    const { module } = this.library;
    return this.group(at) ? module.get_attribute_names(this.file.file_id, at) : [];
  }

  private readTexts(at: string, name: string): readonly string[] {
    const texts = readTexts(this.library.module, this.file.file_id, at, name);
    if (texts && texts.length <= MAX_NAMES) return texts;
    const found = texts ? `${texts.length} texts` : 'something else';
    throw this.unexpected(`attribute ${name} of ${at}`, found, 'texts');
  }

  private unexpected(where: string, found: string, expected: string): Failure {
    return new Failure(
      'input',
      'H5_CORRUPT',
      `${this.path}: ${where}: found ${found}, expected ${expected}`,
      {
        path: this.path,
      },
    );
  }
}

/** HDF5's type classes (H5T_class_t). */
const INTEGER_CLASS = 0;
const FLOAT_CLASS = 1;

/** Half precision is not among them: the HDF5 wrapper cannot hand it out. */
const READABLE = [
  'float32',
  'float64',
  'int8',
  'int16',
  'int32',
  'int64',
  'uint8',
  'uint16',
] as const satisfies readonly DType[];

function isReadable(dtype: string): dtype is (typeof READABLE)[number] {
  return (READABLE as readonly string[]).includes(dtype);
}
