import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Frame, Page } from 'playwright-core';

interface AxeViolation {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
}

/** axe-core's serious and critical findings on a page or in a frame, one line each. */
export async function axeFindings(page: Page | Frame): Promise<readonly string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) {
    const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    // Evaluated by the debugger, which the page's policy does not bind.
    await page.evaluate(source);
  }
  const violations = (await page.evaluate(async () => {
    interface Axe {
      run(options: object): Promise<{ violations: unknown[] }>;
    }
    // Nothing is written down of what passes: that takes as long as looking.
    return (await (window as unknown as { axe: Axe }).axe.run({ resultTypes: ['violations'] })).violations;
  })) as AxeViolation[];
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}
