import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { repository } from './python';

/** Every run leaves its pictures in `.cache`; `KEEP_SCREENSHOTS=1` replaces the committed ones. */
const folder = path.join(repository, process.env['KEEP_SCREENSHOTS'] ? 'test/artifacts' : '.cache/artifacts');

/** Writes `<name>.png` of what the page shows. */
export async function screenshot(page: Page, name: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: path.join(folder, `${name}.png`), animations: 'disabled' });
}
