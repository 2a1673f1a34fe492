/** Whether two values of JSON are the same, in whatever order objects say their fields. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [fields, others] = [said(a), said(b)];
  return (
    fields.length === others.length &&
    fields.every(([name, value]) => name in b && sameValue(value, Reflect.get(b, name)))
  );
}

const said = (value: object) => Object.entries(value).filter(([, field]) => field !== undefined);
