import { allKinds } from '../core/layers/catalogue';
import { formOf } from '../core/layers/form';
import type { KindView } from './surgerySheets';

let made: readonly KindView[] | undefined;

/** Every kind of the catalogue with its form, shelf by shelf. Not for the page: the catalogue comes along. */
export function kindViews(): readonly KindView[] {
  made ??= allKinds().map((kind): KindView => {
    const [least, most] = kind.arity;
    return {
      name: kind.name,
      family: kind.family,
      arity: [least, most === Infinity ? null : most],
      form: formOf(kind),
    };
  });
  return made;
}
