/**
 * Colours as the theme has them now: a canvas cannot read the style sheet's variables by itself.
 * @param sources CSS colours by what they are for: `var(--edge)`
 * @param parent an element whose variables count; the page's where it is left out
 */
export function computedColours<Name extends string>(
  sources: Readonly<Record<Name, string>>,
  parent: Element = document.body,
): Record<Name, string> {
  const probe = document.createElement('span');
  parent.append(probe);
  const computed = Object.fromEntries(
    Object.entries<string>(sources).map(([name, source]) => {
      probe.style.color = source;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return computed as Record<Name, string>;
}
