/**
 * A list of numbers that only grows, as a value: appending returns a new column and leaves the old one as it was.
 * Columns of one history share a buffer, so a hundred thousand appends cost no copies but the doublings.
 */

interface Shared {
  values: Float64Array;
  /** How much of the buffer belongs to the longest column. */
  used: number;
}

const FIRST_CAPACITY = 64;

export class Column {
  static readonly empty = new Column({ values: new Float64Array(0), used: 0 }, 0);

  private constructor(
    private readonly shared: Shared,
    readonly length: number,
  ) {}

  static of(...values: readonly number[]): Column {
    return values.reduce((column, value) => column.append(value), Column.empty);
  }

  static filled(length: number, value: number): Column {
    return new Column({ values: new Float64Array(length).fill(value), used: length }, length);
  }

  /** NaN outside the column. */
  at(index: number): number {
    return index >= 0 && index < this.length ? (this.shared.values[index] ?? NaN) : NaN;
  }

  /** NaN for an empty column. */
  last(): number {
    return this.at(this.length - 1);
  }

  append(value: number): Column {
    return this.extend(1, () => value);
  }

  /** Appends `count` numbers at once. */
  extend(count: number, valueAt: (index: number) => number): Column {
    const shared = this.sharedWithRoom(count);
    for (let index = 0; index < count; index++) shared.values[this.length + index] = valueAt(index);
    shared.used = this.length + count;
    return new Column(shared, shared.used);
  }

  /** Appends `values`. */
  concat(values: Float64Array): Column {
    const shared = this.sharedWithRoom(values.length);
    shared.values.set(values, this.length);
    shared.used = this.length + values.length;
    return new Column(shared, shared.used);
  }

  /** The first `length` numbers. */
  take(length: number): Column {
    return length >= this.length ? this : new Column(this.shared, length);
  }

  /** Whether `longer` is this column or was appended to it. Two columns that only hold equal numbers are strangers. */
  isStartOf(longer: Column): boolean {
    return this.length === 0 || (this.shared === longer.shared && this.length <= longer.length);
  }

  /** The numbers themselves, not to be written to. */
  view(): Float64Array {
    return this.shared.values.subarray(0, this.length);
  }

  /** The index of the first number that is not below `value`; the length where all are. The column must ascend. */
  lowerBound(value: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private sharedWithRoom(count: number): Shared {
    const { shared, length } = this;
    // Where another column has grown past this one, its numbers are not ours to overwrite: the history forks.
    const owned = length > 0 && shared.used === length;
    if (owned && shared.values.length >= length + count) return shared;
    const grown = new Float64Array(Math.max(FIRST_CAPACITY, length * 2, length + count));
    grown.set(shared.values.subarray(0, length));
    if (!owned) return { values: grown, used: length };
    shared.values = grown;
    return shared;
  }
}
