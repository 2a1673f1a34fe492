import { t } from '../../l10n/translate';
import { ByteSource } from '../byteSource';
import { gather } from '../strides';
import { ITEM_BYTES, toFloat32 } from '../weightBytes';
import { MAX_CONSTANT_NUMBERS, MAX_CONSTANT_READS } from './bounds';
import type { Constant } from './tensor';
import { Unsupported } from './unsupported';

/** Reads the few constants that say what a node means: shapes, axes, limits. */
export class ConstantReader {
  private readonly files = new ByteSource();
  private left = MAX_CONSTANT_READS;

  /** @throws Unsupported for a constant that is too large or of a type that has no numbers */
  async numbers(constant: Constant): Promise<readonly (number | null)[]> {
    const { name, dims, dtype, ranges, numbers, strides, problem } = constant;
    if (problem !== undefined) throw new Unsupported(problem);
    const count = numbers?.length ?? dims.reduce((product, size) => product * size, 1);
    this.left -= count;
    if (this.left < 0)
      throw new Unsupported(t('nodes before it read {0} numbers of constants', MAX_CONSTANT_READS));
    if (numbers) return numbers;
    if (count > MAX_CONSTANT_NUMBERS || !ranges) {
      throw new Unsupported(
        t('"{0}" has {1} numbers where at most {2} are expected', name, count, MAX_CONSTANT_NUMBERS),
      );
    }
    const bytes = await this.files.read(ranges);
    if (strides) return Array.from(gather(toFloat32(bytes, dtype), dims, strides));
    if (dtype === 'int64') {
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const at = (index: number) => Number(view.getBigInt64(index * ITEM_BYTES.int64, true));
      return Array.from({ length: count }, (_, index) => at(index));
    }
    return Array.from(toFloat32(bytes, dtype));
  }

  /** Numbers none of which depends on the batch. */
  async known(constant: Constant): Promise<readonly number[]> {
    const numbers = await this.numbers(constant);
    const known = numbers.filter((number) => number !== null);
    if (known.length === numbers.length) return known;
    throw new Unsupported(t('"{0}" depends on the size of the batch', constant.name));
  }

  close(): Promise<void> {
    return this.files.close();
  }
}
