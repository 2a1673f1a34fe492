import type { Page } from 'playwright-core';

/** What a page says to people: its visible texts, and what screen readers and tooltips add. */
export function saidOn(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const HEARD = ['aria-label', 'aria-description', 'aria-valuetext', 'aria-roledescription'];
    const SEEN = ['title', 'placeholder', 'alt'];
    const said = new Set<string>();
    const say = (text: string | null) => {
      const plain = (text ?? '').replace(/\s+/g, ' ').trim();
      if (plain !== '') said.add(plain);
    };
    const walk = (node: Node) => {
      if (node instanceof Text) return say(node.data);
      if (node instanceof HTMLElement && (node.hidden || getComputedStyle(node).display === 'none')) return;
      if (node instanceof HTMLScriptElement || node instanceof HTMLStyleElement) return;
      if (node instanceof Element) {
        const isHeard = node.closest('[aria-hidden="true"]') === null;
        for (const name of isHeard ? [...HEARD, ...SEEN] : SEEN) say(node.getAttribute(name));
        if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
      }
      node.childNodes.forEach(walk);
    };
    walk(document.body);
    return [...said];
  });
}

/** A word of letters, which marks and units as `k` or `×` are not. */
const WORD = /[A-Za-z][A-Za-z’']+/g;

/**
 * Texts that hold English words, with the words.
 *
 * @param names of models, files, kinds and keys, which are the same in every language; taken out as wholes, the longest first
 */
export function englishIn(texts: readonly string[], names: ReadonlySet<string>): readonly string[] {
  const longest = [...names].filter((name) => name !== '').sort((a, b) => b.length - a.length);
  const escaped = longest.map((name) => name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  const known = new RegExp(`(?<![A-Za-z0-9_])(?:${escaped.join('|')})(?![A-Za-z0-9_])`, 'g');
  return texts.flatMap((text) => {
    const words = text.replace(known, ' ').match(WORD);
    return words ? [`${words.join(' ')} <- ${text}`] : [];
  });
}

/** Korean that has no room: in an element that cuts off what is too wide for it. Cards have their words in a tooltip, too. */
export function cutShort(page: Page, within = 'body'): Promise<readonly string[]> {
  return page.evaluate((selector) => {
    const isCut = (element: Element) =>
      element.scrollWidth > element.clientWidth + 1 &&
      element.clientWidth > 1 &&
      ['hidden', 'clip'].includes(getComputedStyle(element).overflowX);
    const shadows = [...document.querySelectorAll(`${selector} *`)].flatMap(({ shadowRoot }) =>
      shadowRoot ? [...shadowRoot.querySelectorAll('*')] : [],
    );
    return [...document.querySelectorAll(`${selector} *`), ...shadows].flatMap((element) => {
      const own = [...element.childNodes].filter((node) => node instanceof Text);
      const text = own.map(({ textContent }) => textContent).join('');
      if (!/[가-힣]/.test(text) || element.closest('.visually-hidden, .react-flow__node')) return [];
      const around = [element, element.parentElement, element.parentElement?.parentElement];
      return around.some((each) => each && isCut(each)) ? [text.trim()] : [];
    });
  }, within);
}
