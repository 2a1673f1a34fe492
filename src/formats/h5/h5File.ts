import path from 'node:path';
import type { Dataset, Entity, File, Group } from 'h5wasm/node';
import { Failure } from '../../core/failure';
import { sizeOf, type DType, type FileRange } from '../../core/graph/layerGraph';
import { readHead, statFile } from '../byteSource';
import { ITEM_BYTES, toFloat32 } from '../weightBytes';
import { readTexts } from './attribute';
import { EXPANSION_FLOOR_BYTES, MAX_EXPANSION, MAX_NAME_CHUNKS, MAX_NAMES, READ_CHUNK_BYTES } from './bounds';
import { describeType, dtypeOf, OPAQUE_CLASS, READABLE } from './dataTypes';
import { allowFile, callH5, loadH5, type H5Library } from './library';
import { findSuperblock, HEAD_BYTES } from './superblock';
import { t } from '../../l10n/translate';

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

  /**
   * @param window the part of the file that is HDF5, where that is not all of it
   * @throws Failure `H5_TRUNCATED`, `H5_CORRUPT`, `NOT_A_MODEL`, `FILE_MISSING`
   */
  static async open(given: string, window?: FileRange): Promise<H5File> {
    const absolute = path.resolve(given);
    const size = window?.byteLength ?? (await statFile(absolute)).size;
    const superblock = findSuperblock(await readHead(absolute, HEAD_BYTES, window));
    if (!superblock)
      throw new Failure('input', 'NOT_A_MODEL', t('{0}: is not an HDF5 file', given), { path: given });
    if (superblock.fileLength !== undefined && size < superblock.fileLength) {
      throw new Failure(
        'input',
        'H5_TRUNCATED',
        t(
          '{0}: the file is cut short: found {1} bytes, expected {2}; copy or download it again',
          given,
          size,
          superblock.fileLength,
        ),
        { path: given },
      );
    }
    const library = await loadH5();
    const forbid = allowFile(absolute, size, window);
    try {
      const file = callH5(given, t('the file'), () => new library.File(absolute, 'r'));
      return new H5File(given, size, library, file, forbid);
    } catch (cause) {
      forbid();
      throw superblock.fileLength === undefined
        ? new Failure(
            'input',
            'H5_TRUNCATED',
            t('{0}: the file is cut short: found {1} bytes, which is less than its header', given, size),
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

  /** The names of what is in a group, of which there may be none. */
  namesIn(at: string): readonly string[] {
    return callH5(this.path, at, () => {
      if (!this.group(at)) return [];
      const names = this.library.module.get_names(this.file.file_id, at, false);
      if (names.length <= MAX_NAMES) return names;
      throw this.unexpected(at, t('{0} names', names.length), t('at most {0}', MAX_NAMES));
    });
  }

  /** Whether that is a group. */
  isGroup(at: string): boolean {
    return this.entity(at) instanceof this.library.Group;
  }

  /** A text attribute of a group, or undefined where there is none. */
  text(at: string, name: string): string | undefined {
    return callH5(this.path, t('attribute {0} of {1}', name, at), () => {
      const texts = this.attributeNames(at).includes(name) ? this.readTexts(at, name) : undefined;
      if (texts === undefined || texts.length === 1) return texts?.[0];
      throw this.unexpected(t('attribute {0} of {1}', name, at), t('{0} texts', texts.length), t('one'));
    });
  }

  /** A list of texts that may be cut into `name0`, `name1`…, as Keras does to those over 64 KB. */
  texts(at: string, name: string): readonly string[] | undefined {
    return callH5(this.path, t('attribute {0} of {1}', name, at), () => {
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
    return callH5(this.path, t('dataset {0}', at), () => {
      const { metadata } = this.dataset(at);
      const { shape, size } = metadata;
      const dtype = dtypeOf(metadata, metadata.type === OPAQUE_CLASS ? this.datasetNote(at) : undefined);
      if (!shape || !dtype) {
        throw this.unexpected(
          t('dataset {0}', at),
          describeType(metadata),
          t('one of {0}', READABLE.join(', ')),
        );
      }
      if (metadata.virtual_sources) {
        throw this.unexpected(t('dataset {0}', at), t('a view of other datasets'), t('numbers of its own'));
      }
      const claimed = sizeOf(shape) * size;
      if (claimed > EXPANSION_FLOOR_BYTES && claimed > MAX_EXPANSION * this.bytes) {
        throw this.unexpected(
          t('dataset {0}', at),
          t('a claim of {0} bytes in a file of {1}', claimed, this.bytes),
          t('at most {0} times the file', MAX_EXPANSION),
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
        t(
          '{0}: dataset {1}: found shape [{2}], expected [{3}]',
          this.path,
          at,
          shape.join(', '),
          expected.join(', '),
        ),
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

  /**
   * Straight from HDF5's memory, which has this machine's order of bytes whatever the file's: the wrapper has no half
   * precision.
   */
  private readRows(
    at: string,
    rows: readonly [number, number] | undefined,
    dtype: DType,
    length: number,
  ): Float32Array {
    return callH5(this.path, t('dataset {0}', at), () => {
      const { module } = this.library;
      const { shape } = this.dataset(at).metadata;
      const byteLength = length * ITEM_BYTES[dtype];
      const address = module._malloc(byteLength);
      if (address === 0) throw new Error(t('no memory for its {0} bytes', byteLength));
      try {
        const [start, end] = rows ?? [0, 0];
        const count = rows && [end - start, ...shape!.slice(1)].map(BigInt);
        const offset = rows && [start, ...shape!.slice(1).map(() => 0)].map(BigInt);
        const strides = rows && shape!.map(() => 1n);
        const status = module.get_dataset_data(
          this.file.file_id,
          at,
          count ?? null,
          offset ?? null,
          strides ?? null,
          BigInt(address),
        );
        if (status < 0) throw new Error(t('no reason given'));
        const bytes = module.HEAPU8.slice(address, address + byteLength);
        return toFloat32(bytes, dtype);
      } finally {
        module._free(address);
      }
    });
  }

  /** What Keras says beside a dataset about what its items are. */
  private datasetNote(at: string): string | undefined {
    const { module } = this.library;
    const named = module.get_attribute_names(this.file.file_id, at).includes('dtype');
    return named ? readTexts(module, this.file.file_id, at, 'dtype')?.[0] : undefined;
  }

  private entity(at: string): Entity | undefined {
    return callH5(this.path, at, () => this.file.get(at) ?? undefined);
  }

  private group(at: string): Group | undefined {
    const entity = this.entity(at);
    if (entity === undefined) return undefined;
    if (entity instanceof this.library.Group) return entity;
    throw this.unexpected(at, t('no group'), t('a group'));
  }

  private dataset(at: string): Dataset {
    const entity = this.entity(at);
    if (entity instanceof this.library.Dataset) return entity;
    throw this.unexpected(
      at,
      entity === undefined ? t('nothing') : t('no dataset of this file'),
      t('a dataset'),
    );
  }

  private attributeNames(at: string): readonly string[] {
    const { module } = this.library;
    return this.group(at) ? module.get_attribute_names(this.file.file_id, at) : [];
  }

  private readTexts(at: string, name: string): readonly string[] {
    const texts = readTexts(this.library.module, this.file.file_id, at, name);
    if (texts && texts.length <= MAX_NAMES) return texts;
    const found = texts ? t('{0} texts', texts.length) : t('something else');
    throw this.unexpected(t('attribute {0} of {1}', name, at), found, t('texts'));
  }

  private unexpected(where: string, found: string, expected: string): Failure {
    return new Failure(
      'input',
      'H5_CORRUPT',
      t('{0}: {1}: found {2}, expected {3}', this.path, where, found, expected),
      {
        path: this.path,
      },
    );
  }
}
