import { t } from '../../../l10n/translate';
import { MAX_NAME, MAX_PICKLE_MEMORY, MAX_STACK } from '../bounds';
import { Cursor } from './cursor';
import { PickleError } from './pickleError';
import {
  describeValue,
  ForeignObject,
  PickleDict,
  PickleList,
  PickleTuple,
  type PickleValue,
} from './values';

/** What a pickle's names and references mean; neither may do more than make a value. */
export interface PickleMeaning {
  /** A class or function that the pickle names, so that forbidden ones can be refused. */
  name(module: string, name: string): PickleValue;
  /** What calling that with those arguments is taken to make. */
  call(callee: PickleValue, args: readonly PickleValue[]): PickleValue;
  /** What lies outside the pickle under that identifier. */
  persistent(id: PickleValue): PickleValue;
  /** `__setstate__`. */
  build(target: PickleValue, state: PickleValue): void;
}

/** Bytes that each kind of thing takes, with what collecting garbage needs beside it. */
const COST = {
  container: 200,
  firstItems: 320,
  item: 16,
  text: 48,
  long: 256,
  kept: 16,
  keptApart: 96,
} as const;

/** The state of a pickle's stack machine: a stack with marks, and a memo. */
export class Machine {
  readonly cursor: Cursor;
  private stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  /** Values are kept under 0, 1, 2, …; under other numbers only by picklers of somebody's own. */
  private readonly memo: PickleValue[] = [];
  private readonly memoApart = new Map<number, PickleValue>();
  private cost = 0;

  constructor(
    bytes: Uint8Array,
    start: number,
    readonly meaning: PickleMeaning,
  ) {
    this.cursor = new Cursor(bytes, start);
  }

  push(value: PickleValue): void {
    if (this.stack.length >= MAX_STACK) throw tooMuch(t('more than {0} values on the stack', MAX_STACK));
    this.stack.push(value);
  }

  /** Pushes a value that takes room of its own. */
  pushText(value: string | Uint8Array | bigint): void {
    this.charge(typeof value === 'bigint' ? COST.long : COST.text);
    this.push(value);
  }

  pushNew(value: PickleValue): void {
    this.charge(COST.container);
    this.push(value);
  }

  /** Names cost by their length: each is looked at, and a pickle may make long ones of few bytes. */
  pushName(module: string, name: string): void {
    if (module.length + name.length > MAX_NAME)
      throw tooMuch(t('a name longer than {0} characters', MAX_NAME));
    this.charge(COST.item * (module.length + name.length));
    this.pushNew(this.meaning.name(module, name));
  }

  pop(): PickleValue {
    this.needs(1);
    return this.stack.pop()!;
  }

  top(): PickleValue {
    this.needs(1);
    return this.stack.at(-1)!;
  }

  /** The topmost values, the deepest first. */
  popSeveral(count: number): PickleValue[] {
    this.needs(count);
    return this.stack.splice(this.stack.length - count, count);
  }

  mark(): void {
    if (this.marks.length >= MAX_STACK) throw tooMuch(t('more than {0} marks', MAX_STACK));
    this.marks.push(this.stack.length);
  }

  popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined)
      throw new PickleError('PICKLE_INVALID', t('an end without a beginning'), t('a mark'));
    return this.stack.splice(mark);
  }

  popTuple(): readonly PickleValue[] {
    const value = this.pop();
    if (value instanceof PickleTuple || value instanceof PickleList) return value.items;
    throw unexpected(value, t('a tuple of arguments'));
  }

  /** POP takes a mark away where one is on top. */
  discard(): void {
    if (this.marks.at(-1) === this.stack.length) this.marks.pop();
    else this.pop();
  }

  remember(index: number): void {
    const value = this.top();
    if (index === this.memo.length) {
      this.charge(COST.kept);
      this.memo.push(value);
      this.memoApart.delete(index);
    } else if (index < this.memo.length) {
      this.memo[index] = value;
    } else {
      this.charge(COST.keptApart);
      this.memoApart.set(index, value);
    }
  }

  rememberNext(): void {
    this.remember(this.memo.length + this.memoApart.size);
  }

  recall(index: number): void {
    const value = index < this.memo.length ? this.memo[index] : this.memoApart.get(index);
    if (value === undefined) {
      throw new PickleError('PICKLE_INVALID', t('a reference to value {0}', index), t('one that was kept'));
    }
    this.push(value);
  }

  newList(items: readonly PickleValue[]): void {
    const list = new PickleList();
    this.pushNew(list);
    this.extend(list, items);
  }

  newDict(items: readonly PickleValue[]): void {
    const dict = new PickleDict();
    this.pushNew(dict);
    this.fill(dict, items);
  }

  append(items: readonly PickleValue[]): void {
    this.extend(this.top(), items);
  }

  setItems(items: readonly PickleValue[]): void {
    this.fill(this.top(), items);
  }

  private extend(target: PickleValue, items: readonly PickleValue[]): void {
    // What a list of somebody's own class holds is never needed.
    if (target instanceof PickleList) {
      this.chargeItems(target.items.length, items.length);
      for (const item of items) target.items.push(item);
    } else if (!(target instanceof ForeignObject)) throw unexpected(target, t('a list to append to'));
  }

  private fill(target: PickleValue, items: readonly PickleValue[]): void {
    if (items.length % 2 !== 0)
      throw new PickleError('PICKLE_INVALID', t('a key without a value'), t('pairs'));
    const dict = this.dictOf(target);
    this.chargeItems(dict.keys.length, items.length);
    for (let index = 0; index < items.length; index += 2) dict.set(items[index]!, items[index + 1]!);
  }

  private dictOf(target: PickleValue): PickleDict {
    if (target instanceof PickleDict) return target;
    if (!(target instanceof ForeignObject)) throw unexpected(target, t('a dictionary to fill'));
    if (!target.items) {
      this.charge(COST.container);
      target.items = new PickleDict();
    }
    return target.items;
  }

  private needs(count: number): void {
    const floor = this.marks.at(-1) ?? 0;
    if (this.stack.length - floor >= count) return;
    throw new PickleError(
      'PICKLE_INVALID',
      t('an empty stack'),
      `${count === 1 ? t('a value') : t('{0} values', count)}`,
    );
  }

  private chargeItems(present: number, added: number): void {
    this.charge((present === 0 && added > 0 ? COST.firstItems : 0) + COST.item * added);
  }

  private charge(cost: number): void {
    this.cost += cost;
    if (this.cost > MAX_PICKLE_MEMORY) throw tooMuch(t('more values than any model has'));
  }
}

export function unexpected(value: PickleValue, expected: string): PickleError {
  return new PickleError('PICKLE_INVALID', describeValue(value), expected);
}

function tooMuch(found: string): PickleError {
  return new PickleError('PICKLE_LIMIT', found, t('a model; the file is not what PyTorch writes'));
}
