/**
 * How often something reads from what it is given, at any depth: the fields of objects and the elements of arrays. Twice
 * the input must cost about twice the reads, whatever the machine is doing; a step that looks from everything at
 * everything shows as four times as many.
 */
export function countReads<T extends object>(input: T, use: (input: T) => void): number {
  let reads = 0;
  const watched = new WeakMap<object, object>();
  const watch = <V extends object>(value: V): V => {
    const known = watched.get(value);
    if (known) return known as V;
    const proxy = new Proxy(value, {
      get(target, field) {
        reads++;
        const found: unknown = Reflect.get(target, field);
        return typeof found === 'object' && found !== null ? watch(found) : found;
      },
    });
    watched.set(value, proxy);
    return proxy;
  };
  use(watch(input));
  return reads;
}

/** Reads of a large input over those of one half as large: 2 where the work grows with the input. */
export function growth<T extends object>(
  make: (size: number) => T,
  size: number,
  use: (input: T) => void,
): number {
  return countReads(make(2 * size), use) / countReads(make(size), use);
}

/** Above 2 by what a logarithm adds. */
export const LINEAR = 2.3;
