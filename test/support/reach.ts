import type { Frame, Page } from 'playwright-core';

/** What can be reached on a page, and seen to be. */

/** One stop of the Tab key. */
export interface Stop {
  /** As a screen reader says it, nearly: a label, a title or words. */
  readonly name: string;
  /** Whether the focus can be seen: something is drawn otherwise than without it. */
  readonly visible: boolean;
}

/** Presses Tab and says where the focus is then, in a frame of the page perhaps. */
export async function tab(page: Page, frame: Page | Frame = page): Promise<Stop> {
  await page.keyboard.press('Tab');
  return frame.evaluate(() => {
    let focused: Element = document.activeElement ?? document.body;
    while (focused.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
    // Past the last stop the focus is the page's own, until the next.
    if (focused === document.body) return { name: '', visible: true };
    const path: Element[] = [];
    for (let at: Node | null = focused; at !== null && path.length < 6;) {
      if (at instanceof Element && at !== document.body) path.push(at);
      at = at instanceof ShadowRoot ? at.host : at.parentNode;
    }
    const parts = [focused, ...(focused.shadowRoot ? [focused.shadowRoot] : [])];
    const watched = [...path, ...parts.flatMap((part) => [...part.querySelectorAll('*')])].slice(0, 40);
    const looks = () =>
      watched
        .flatMap((element) =>
          [undefined, '::before', '::after'].map((part) => {
            const style = getComputedStyle(element, part);
            const { outlineStyle, outlineWidth, outlineColor, outlineOffset } = style;
            const { boxShadow, borderColor, backgroundColor } = style;
            const outline = [outlineStyle, outlineWidth, outlineColor, outlineOffset];
            return [...outline, boxShadow, borderColor, backgroundColor].join();
          }),
        )
        .join('\n');
    const nameOf = (each: Element) =>
      each.getAttribute('aria-label') || each.textContent?.trim() || each.getAttribute('title') || '';
    const name = path.map(nameOf).find((words) => words !== '') ?? '';
    const withFocus = looks();
    (focused as HTMLElement).blur();
    const without = looks();
    (focused as HTMLElement).focus({ preventScroll: true });
    return { name: name.slice(0, 80), visible: withFocus !== without };
  });
}

/** Walks by Tab to what has a name; fails after `most` stops, and of stops whose focus cannot be seen. */
export async function tabTo(
  page: Page,
  name: string | RegExp,
  { frame = page, most = 80 }: { readonly frame?: Page | Frame; readonly most?: number } = {},
): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  while (stops.length < most) {
    const stop = await tab(page, frame);
    stops.push(stop);
    if (!stop.visible) throw new Error(`the focus on "${stop.name}" cannot be seen, after ${said(stops)}`);
    if (typeof name === 'string' ? stop.name.startsWith(name) : name.test(stop.name)) return stops;
  }
  throw new Error(`no "${String(name)}" in ${most} stops: ${said(stops)}`);
}

const said = (stops: readonly Stop[]) => stops.map(({ name }) => `"${name}"`).join(', ');

/** Controls that nobody can click, however they scroll: covered, cut off, or outside of the window. */
export function outOfReach(page: Page | Frame, within = 'body'): Promise<readonly string[]> {
  return page.locator(within).evaluate((root) => {
    const controls = [
      ...root.querySelectorAll('button, vscode-button, input, select, summary, vscode-text-field'),
    ];
    const visible = controls.filter(
      (control) => control.checkVisibility({ visibilityProperty: true }) && !control.closest('[inert]'),
    );
    return visible.flatMap((control) => {
      // What stays in sight while the rest is scrolled may lie over its middle.
      const inReach = (['center', 'end', 'start'] as const).some((inline) => {
        control.scrollIntoView({ block: 'center', inline });
        const { left, top, width, height } = control.getBoundingClientRect();
        if (width <= 1 || height <= 1) return true;
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        return hit !== null && (control.contains(hit) || hit.contains(control));
      });
      if (inReach) return [];
      const name = control.getAttribute('aria-label') ?? control.textContent ?? '';
      return [`${control.localName} ${name.slice(0, 60)}`];
    });
  });
}

/** Animations that go on: none is left where people ask for less motion. */
export function motions(page: Page | Frame): Promise<readonly string[]> {
  return page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => {
        const { iterations = 1, duration } = effect?.getTiming() ?? {};
        return playState === 'running' && (iterations === Infinity || Number(duration) > 10);
      })
      .map((animation) =>
        animation instanceof CSSAnimation ? animation.animationName : animation.constructor.name,
      ),
  );
}
