import path from 'node:path';
import type { LayerGraph, TensorRef } from '../../src/core/graph/layerGraph';
import type { Edit, EditorToHost, HostToEditor } from '../../src/protocol/editor';
import { layoutNested, type NestedGraph } from '../../webview/editor/layout/nested';
import { GraphBuilder } from '../unit/support/graphs';
import { launchWebviews, type Webview, type WebviewBrowser } from '../webview/support/browser';
import { EditorHost } from '../webview/support/editorHost';
import { longNet } from '../webview/support/models';

export default 'editor';

type Page = Webview<HostToEditor, EditorToHost>;

const RUNS = 5;
const VIEWPORT = { width: 1440, height: 900 };
/** Frames of a pan or a zoom, one step a frame. */
const FRAMES = 90;

/** The editor in Chromium, and what the host does before it: milliseconds, medians of five. */
export async function run(): Promise<Record<string, number>> {
  // The bench is bundled to another folder than its sources'.
  process.env['MODEL_SURGERY_WEBVIEW'] ??= path.resolve('dist/webview');
  const browser = await launchWebviews();
  const few = new EditorHost(longNet(300)).greeting();
  const many = new EditorHost(longNet(10_000)).greeting();
  try {
    return {
      'layout of 300 layers, ms': await median(() => layoutTime(300)),
      'layout of 10,000 layers, ms': await median(() => layoutTime(10_000)),
      'first node painted, 300 layers, ms': await median(() => firstPaint(browser, few)),
      'first node painted, 10,000 collapsed, ms': await median(() => firstPaint(browser, many)),
      'first node painted, 10,000 flat, ms': await median(() => firstPaint(browser, many, true)),
      ...(await moving(browser)),
      'expand a block of 50 layers, ms': await expanding(browser),
      ...(await freezing(browser)),
      ...(await faults(browser)),
    };
  } finally {
    await browser.close();
  }
}

async function median(measure: () => number | Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let count = 0; count < RUNS; count++) times.push(await measure());
  return times.toSorted((a, b) => a - b)[RUNS >> 1] ?? NaN;
}

function layoutTime(layers: number): number {
  const graph: NestedGraph = {
    nodes: Array.from({ length: layers }, () => ({ width: 224, height: 76, frame: -1 })),
    // Residual blocks of four.
    edges: Array.from({ length: layers - 1 }, (_, from) => ({ from, to: from + 1 })).flatMap((edge) =>
      edge.from % 4 === 0 && edge.from + 4 < layers ? [edge, { from: edge.from, to: edge.from + 4 }] : [edge],
    ),
    frames: [],
    direction: 'down',
  };
  const start = performance.now();
  layoutNested(graph);
  return performance.now() - start;
}

async function open(browser: WebviewBrowser): Promise<Page> {
  const view = await browser.open<HostToEditor, EditorToHost>('editor', VIEWPORT);
  await view.nextPost('ready');
  return view;
}

/** From the messages' arrival to the frame after the one in which something that matches is on the page. */
async function untilPainted(
  view: Page,
  messages: readonly HostToEditor[],
  selector: string,
): Promise<number> {
  await view.page.evaluate((data) => Object.assign(window, { waiting: data }), messages as unknown);
  return view.page.evaluate(async (wanted) => {
    const { waiting } = window as unknown as { waiting: unknown[] };
    const start = performance.now();
    for (const message of waiting) window.postMessage(message, '*');
    do {
      await new Promise((frame) => requestAnimationFrame(frame));
      if (performance.now() - start > 15_000) throw new Error(`nothing matches ${wanted}`);
    } while (!document.querySelector(wanted));
    await new Promise((frame) => requestAnimationFrame(frame));
    return performance.now() - start;
  }, selector);
}

const EXPAND: HostToEditor = { type: 'command', command: 'expandAll' };
const LAYER = '.react-flow__node-layer';

async function firstPaint(
  browser: WebviewBrowser,
  greeting: readonly HostToEditor[],
  flat = false,
): Promise<number> {
  const view = await open(browser);
  const time = await untilPainted(
    view,
    flat ? [...greeting, EXPAND] : greeting,
    flat ? '.react-flow__node-frame' : '.react-flow__node',
  );
  await view.close();
  return time;
}

async function moving(browser: WebviewBrowser): Promise<Record<string, number>> {
  const view = await open(browser);
  await untilPainted(
    view,
    [...new EditorHost(longNet(10_000)).greeting(), EXPAND],
    '.react-flow__node-frame',
  );
  const frames = (zoom: boolean) =>
    view.page.evaluate(
      async ([count, ctrlKey]) => {
        const pane = document.querySelector('.react-flow__pane');
        const times: number[] = [];
        let last = await new Promise<number>((frame) => requestAnimationFrame(frame));
        for (let step = 0; step < count; step++) {
          const deltaY = ctrlKey ? (step % 30 < 15 ? 12 : -12) : 60;
          pane?.dispatchEvent(
            new WheelEvent('wheel', { deltaY, ctrlKey, clientX: 500, clientY: 400, bubbles: true }),
          );
          const now = await new Promise<number>((frame) => requestAnimationFrame(frame));
          times.push(now - last);
          last = now;
        }
        return times.sort((a, b) => a - b);
      },
      [FRAMES, zoom] as const,
    );
  const figures: Record<string, number> = {};
  for (const [name, zoom] of [
    ['pan', false],
    ['zoom', true],
  ] as const) {
    const times = await frames(zoom);
    const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
    figures[`${name} over 10,000 layers, frames a second`] = 1000 / mean;
    figures[`${name} over 10,000 layers, 95th percentile of frames, ms`] =
      times[Math.floor(times.length * 0.95)] ?? NaN;
  }
  figures['elements mounted at reading zoom'] = await view.page
    .locator('.react-flow__node, .react-flow__edge')
    .count();
  await view.close();
  return figures;
}

/** Blocks of fifty layers, two hundred of them. */
function blocksOfFifty(): LayerGraph {
  const build = new GraphBuilder('fifties');
  let x: TensorRef = build.input([null, 16], 'x');
  for (let block = 0; block < 200; block++) {
    for (let layer = 0; layer < 50; layer++) {
      const kind = ['Dense', 'ReLU', 'Dropout', 'LayerNormalization', 'Activation'][layer % 5] ?? 'ReLU';
      const config = { Dense: { units: 16 }, Dropout: { rate: 0.1 }, Activation: { activation: 'relu' } }[
        kind
      ];
      x = build.add({ kind, name: `block${block}_${layer}`, ...(config && { config }) }, x);
    }
  }
  return build.outputs(x);
}

async function expanding(browser: WebviewBrowser): Promise<number> {
  const view = await open(browser);
  await untilPainted(view, new EditorHost(blocksOfFifty()).greeting(), '.react-flow__node-box');
  // The repeat with its count first; then one block of it, again and again.
  await view.page.locator('.react-flow__node-box .box-open').first().click();
  await view.page.locator('.react-flow__node-box').nth(1).waitFor();
  const time = await median(async () => {
    const expanded = await view.page.evaluate(async () => {
      const button = document.querySelectorAll<HTMLElement>('.box-open')[0];
      const before = document.querySelectorAll('.react-flow__node-frame').length;
      const start = performance.now();
      button?.click();
      do await new Promise((frame) => requestAnimationFrame(frame));
      while (document.querySelectorAll('.react-flow__node-frame').length === before);
      return performance.now() - start;
    });
    await view.page.locator('.frame-close').last().click();
    await view.page.waitForTimeout(200);
    return expanded;
  });
  await view.close();
  return time;
}

async function freezing(browser: WebviewBrowser): Promise<Record<string, number>> {
  const view = await open(browser);
  const host = new EditorHost(longNet(10_000));
  await untilPainted(view, [...host.greeting(), EXPAND], LAYER);
  const freeze = (match: { names: string[] } | { regex: string }, trainable: boolean): Edit => ({
    type: 'freeze',
    rules: [trainable ? { match, trainable } : { match }],
  });
  const measure = async (match: { names: string[] } | { regex: string }) => {
    const hosts: number[] = [];
    const all = await median(async () => {
      const start = performance.now();
      const answer = host.answer({ type: 'edit', edit: freeze(match, false) });
      hosts.push(performance.now() - start);
      const painted = await untilPainted(view, answer, '.layer[data-frozen]');
      await untilPainted(
        view,
        host.answer({ type: 'edit', edit: freeze(match, true) }),
        '.react-flow:not(:has(.layer[data-frozen]))',
      );
      return (hosts.at(-1) ?? 0) + painted;
    });
    return { all, host: hosts.sort((a, b) => a - b)[RUNS >> 1] ?? NaN };
  };
  const one = await measure({ names: ['block0_conv'] });
  const many = await measure({ regex: '.' });
  await view.close();
  return {
    'toggle one lock in 10,000 layers, ms': one.all,
    'toggle one lock in 10,000 layers, of that the host, ms': one.host,
    'freeze by regex over 10,000 layers, ms': many.all,
    'freeze by regex over 10,000 layers, of that the host, ms': many.host,
  };
}

async function faults(browser: WebviewBrowser): Promise<Record<string, number>> {
  const hosts: number[] = [];
  const all = await median(async () => {
    const view = await open(browser);
    const host = new EditorHost(longNet(1000));
    await untilPainted(view, host.greeting(), '.react-flow__node');
    const start = performance.now();
    const answer = host.answer({
      type: 'edit',
      edit: {
        type: 'operate',
        operation: { op: 'configure', layer: 'block0_conv', config: { strides: [2, 2] } },
      },
    });
    hosts.push(performance.now() - start);
    const painted = await untilPainted(view, answer, '.fault-bar');
    await view.close();
    return (hosts.at(-1) ?? 0) + painted;
  });
  return {
    'an edit of 1,000 layers to its faults shown, ms': all,
    'an edit of 1,000 layers, of that the host, ms': hosts.sort((a, b) => a - b)[RUNS >> 1] ?? NaN,
  };
}
