import { build } from 'esbuild';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../webview/support/browser';
import type { PanelFigures } from './panelPage';

const POINTS = 100_000;
const MANY = 1_000_000;
/** Milliseconds: a frame. */
const BUDGET = 16;

/**
 * The run panel in Chromium at the end of a long run: six series (three metrics, each raw and smoothed) of 100,000
 * points, and their epochs, redrawn when a step arrives. Run in the root of the repository.
 */
export async function run(): Promise<Record<string, number>> {
  const bundle = await build({
    entryPoints: [path.resolve('test/bench/panelPage.ts')],
    bundle: true,
    write: false,
    minify: true,
    format: 'iife',
    target: 'es2022',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--headless', '--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 640 } });
    await page.addScriptTag({ content: bundle.outputFiles[0]?.text ?? '' });
    const measure = (points: number) =>
      page.evaluate(
        (wanted) =>
          (window as unknown as { measurePanel(points: number): Promise<PanelFigures> }).measurePanel(wanted),
        points,
      );
    const figures = await measure(POINTS);
    const many = await measure(MANY);
    return {
      'redraw of 6 x 100,000 points, median ms': figures.redraw,
      [`redraw of 6 x 100,000 points, median / ${BUDGET} ms allowed`]: figures.redraw / BUDGET,
      'redraw of 6 x 100,000 points, 95th percentile ms': figures.slowRedraw,
      'history of 100,000 steps into state, ms': figures.restore,
      'redraw of 6 x 1,000,000 points, median ms': many.redraw,
      'history of 1,000,000 steps into state, ms': many.restore,
    };
  } finally {
    await browser.close();
  }
}
