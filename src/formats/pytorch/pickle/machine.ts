import { MAX_NAME, MAX_PICKLE_COST, MAX_STACK } from '../bounds';
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

const CONTAINER_COST = 3;

/** The state of a pickle's stack machine: a stack with marks, and a memo. */
export class Machine {
  readonly cursor: Cursor;
  private stack: PickleValue[] = [];
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private cost = 0;

  constructor(
    bytes: Uint8Array,
    start: number,
    readonly meaning: PickleMeaning,
  ) {
    this.cursor = new Cursor(bytes, start);
  }

  push(value: PickleValue): void {
    if (this.stack.length >= MAX_STACK) throw tooMuch(`more than ${MAX_STACK} values on the stack`);
    this.stack.push(value);
  }

  /** Pushes a value that takes room of its own. */
  pushText(value: string | Uint8Array | bigint): void {
    this.charge(1);
    this.push(value);
  }

  pushNew(value: PickleValue): void {
    this.charge(CONTAINER_COST);
    this.push(value);
  }

  /** Names cost by their length: each is looked at, and a pickle may make long ones of few bytes. */
  pushName(module: string, name: string): void {
    if (module.length + name.length > MAX_NAME) throw tooMuch(`a name longer than ${MAX_NAME} characters`);
    this.charge((module.length + name.length) / 16);
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
    if (this.marks.length >= MAX_STACK) throw tooMuch(`more than ${MAX_STACK} marks`);
    this.marks.push(this.stack.length);
  }

  popToMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw new PickleError('PICKLE_INVALID', 'an end without a beginning', 'a mark');
    return this.stack.splice(mark);
  }

  popTuple(): readonly PickleValue[] {
    const value = this.pop();
    if (value instanceof PickleTuple || value instanceof PickleList) return value.items;
    throw unexpected(value, 'a tuple of arguments');
  }

  /** POP takes a mark away where one is on top. */
  discard(): void {
    if (this.marks.at(-1) === this.stack.length) this.marks.pop();
    else this.pop();
  }

  remember(index: number): void {
    if (!this.memo.has(index)) this.charge(1);
    this.memo.set(index, this.top());
  }

  rememberNext(): void {
    this.remember(this.memo.size);
  }

  recall(index: number): void {
    const value = this.memo.get(index);
    if (value === undefined) {
      throw new PickleError('PICKLE_INVALID', `a reference to value ${index}`, 'one that was kept');
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
    if (target instanceof PickleList) for (const item of items) target.items.push(item);
    else if (!(target instanceof ForeignObject)) throw unexpected(target, 'a list to append to');
  }

  private fill(target: PickleValue, items: readonly PickleValue[]): void {
    if (items.length % 2 !== 0) throw new PickleError('PICKLE_INVALID', 'a key without a value', 'pairs');
    const dict = this.dictOf(target);
    for (let index = 0; index < items.length; index += 2) dict.set(items[index]!, items[index + 1]!);
  }

  private dictOf(target: PickleValue): PickleDict {
    if (target instanceof PickleDict) return target;
    if (!(target instanceof ForeignObject)) throw unexpected(target, 'a dictionary to fill');
    if (!target.items) {
      this.charge(CONTAINER_COST);
      target.items = new PickleDict();
    }
    return target.items;
  }

  private needs(count: number): void {
    const floor = this.marks.at(-1) ?? 0;
    if (this.stack.length - floor >= count) return;
    throw new PickleError(
      'PICKLE_INVALID',
      'an empty stack',
      `${count === 1 ? 'a value' : `${count} values`}`,
    );
  }

  private charge(cost: number): void {
    this.cost += cost;
    if (this.cost > MAX_PICKLE_COST) throw tooMuch('more values than any model has');
  }
}

export function unexpected(value: PickleValue, expected: string): PickleError {
  return new PickleError('PICKLE_INVALID', describeValue(value), expected);
}

function tooMuch(found: string): PickleError {
  return new PickleError('PICKLE_LIMIT', found, 'a model; the file is not what PyTorch writes');
}
