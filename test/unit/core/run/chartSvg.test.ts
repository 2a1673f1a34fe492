import { describe, expect, test } from 'vitest';
import { alongAxis, valueAxis } from '../../../../src/core/run/chartAxes';
import { chartSvg, type ChartPicture } from '../../../../src/core/run/chartSvg';
import type { RunEvent } from '../../../../src/core/run/events';
import { reportCharts } from '../../../../src/core/run/reportCharts';
import { logTicks, roundTicks, ticksBy, WHOLE_INCREMENTS } from '../../../../src/core/run/ticks';

const COLOURS = {
  background: '#ffffff',
  text: '#000001',
  muted: '#000002',
  grid: '#000003',
  training: '#000004',
  validation: '#000005',
  best: '#000006',
} as const;

const picture = (changes: Partial<ChartPicture> = {}): ChartPicture => ({
  title: 'Loss',
  subtitle: 'digits',
  width: 700,
  height: 400,
  x: alongAxis('Step', { min: 0, max: 100 }, WHOLE_INCREMENTS, String),
  y: valueAxis('loss', { min: 0, max: 2 }, false),
  curves: [
    {
      name: 'Training',
      colour: 'training',
      look: 'both',
      points: [[0, 2], [50, 1], null, [100, 0]],
    },
  ],
  phases: [],
  marks: [],
  colours: COLOURS,
  font: 'sans-serif',
  ...changes,
});

/** The plot of a picture of 700 by 400: 606 by 288. */
const [ACROSS, DOWN] = [606, 288];

describe('a chart as SVG', () => {
  test('puts points where the axes say, and leaves a gap where nothing was measured', () => {
    const svg = chartSvg(picture());
    expect(svg).toContain(`d="M0 0L${ACROSS / 2} ${DOWN / 2}M${ACROSS} ${DOWN}"`);
    expect(svg.match(/<circle cx/g)).toHaveLength(3);
    expect(svg).toContain(`<path d="M0 ${DOWN}H${ACROSS}" stroke="#000003"/>`);
  });

  test('on a logarithmic axis puts the middle of two powers of ten between them', () => {
    const svg = chartSvg(
      picture({
        y: valueAxis('loss', { min: 0.01, max: 1 }, true),
        curves: [{ colour: 'validation', look: 'points', points: [[50, 0.1]] }],
      }),
    );
    expect(svg).toContain(`<circle cx="${ACROSS / 2}" cy="${DOWN / 2}" r="3"/>`);
  });

  test('names its axes, its curves, its phases, its best epoch and its marks', () => {
    const svg = chartSvg(
      picture({
        phases: [{ at: 50, label: 'Phase 2' }],
        best: { at: 100, value: 0, label: 'Best epoch: 2' },
        marks: [
          { at: 10, kind: 'checkpoint' },
          { at: 10.1, kind: 'checkpoint' },
          { at: 20, kind: 'learningRate' },
        ],
      }),
    );
    for (const words of ['Step', 'Training', 'Phase 2', 'Best epoch: 2', 'checkpoint', 'learning rate set'])
      expect(svg).toContain(`>${words}</text>`);
    expect(svg).toContain(`<circle cx="${ACROSS}" cy="${DOWN}" r="6"`);
    // One a kind in the legend, and along the foot one for both checkpoints and one for the rate.
    expect(svg.match(/<polygon/g)).toHaveLength(4);
  });

  test('holds any name as text, and cuts one short that has no room', () => {
    const svg = chartSvg(picture({ subtitle: `<script>&"${'x'.repeat(300)}` }));
    expect(svg).not.toContain('<script');
    expect(svg).toContain('&#60;script&#62;&#38;&#34;xx');
    expect(svg).toContain('xx…</text>');
  });

  test('says that it has nothing to draw', () => {
    expect(chartSvg(picture({ curves: [] }))).toContain('No points');
    expect(chartSvg(picture())).not.toContain('No points');
  });
});

describe('ticks', () => {
  test('stand at whole numbers, not too many of them', () => {
    expect(ticksBy({ min: 0, max: 564 }, WHOLE_INCREMENTS, 9)).toEqual({
      at: [0, 100, 200, 300, 400, 500],
      increment: 100,
    });
    expect(ticksBy({ min: 0, max: 3 }, WHOLE_INCREMENTS, 9).at).toEqual([0, 1, 2, 3]);
    expect(ticksBy({ min: 0, max: 1e12 }, [1, 2], 5).at.length).toBeLessThanOrEqual(6);
  });

  test('stand at round numbers and at powers of ten', () => {
    expect(roundTicks({ min: 0, max: 0.3 }, 3).at).toEqual([0, 0.1, 0.2, 0.3]);
    expect(logTicks({ min: 0.01, max: 1 }, 5).at).toEqual([0.01, 0.1, 1]);
    expect(logTicks({ min: 1, max: 10 }, 5).at).toEqual([1, 2, 5, 10]);
    expect(logTicks({ min: 1e-30, max: 1e30 }, 5).at.length).toBeLessThan(8);
  });
});

describe('the pictures of a report', () => {
  const step = (number: number, loss: number): RunEvent => ({
    type: 'step',
    time: number,
    step: number,
    epoch: 1,
    metrics: { loss, auc: NaN },
  });
  const epoch = (number: number, loss: number): RunEvent => ({
    type: 'epoch',
    time: number,
    epoch: number,
    step: number * 100,
    metrics: { loss, val_loss: loss * 2 },
    ...{ seconds: 1, samplesPerSecond: 1 },
  });
  const steps = Array.from({ length: 200_000 }, (_, index) => step(index + 1, index === 777 ? 60 : 1));

  test('are one a metric that was a number, with every extreme and no more points than can be seen', () => {
    const charts = reportCharts({ name: 'long', events: steps });
    expect(charts.map(({ metric, title }) => [metric, title])).toEqual([['loss', 'Loss']]);
    const svg = charts[0]?.svg ?? '';
    expect(svg.length).toBeLessThan(100_000);
    // The one step of 60 is at the very top.
    expect(/L[\d.]+ 0L/.test(svg)).toBe(true);
  });

  test('draw epochs over faint steps, and nothing that was done again', () => {
    const resumed: RunEvent = { type: 'resumed', time: 5, epoch: 1, step: 100, checkpoint: 'checkpoints/1' };
    const events = [step(1, 4), epoch(1, 2), step(101, 9), epoch(2, 8), resumed, epoch(2, 1)];
    const [loss] = reportCharts({ name: 'resumed', events });
    expect(loss?.svg).toContain('stroke-opacity="0.3"');
    expect(loss?.svg.match(/<circle cx="[^"]+" cy="[^"]+" r="3"/g)).toHaveLength(4);
    expect(loss?.svg).toContain('Best epoch: 2');
  });

  test('mark no phase and nothing else that a resumed run has not come to yet', () => {
    const at = (number: number) => ({ time: number, epoch: Math.ceil(number / 100), step: number });
    const start: RunEvent = {
      ...{ type: 'start', time: 0, version: 1, name: 'resumed', engine: 'wasm', device: '', classes: [] },
      ...{ epochs: 4, stepsPerEpoch: 100, trainSamples: 1, validationSamples: 1, batchSize: 1 },
      ...{ totalParams: 1, trainableParams: 1 },
    };
    const phase = (number: number, first: number): RunEvent => ({
      ...{ type: 'phase', time: first, phase: number, epoch: first, trainableLayers: 1, frozenLayers: 1 },
    });
    const rate = (number: number): RunEvent => ({ type: 'learningRate', ...at(number), learningRate: 1 });
    const stopped: RunEvent = { type: 'earlyStop', ...at(200), monitor: 'loss', best: 1, bestEpoch: 1 };
    const began = [
      start,
      phase(0, 1),
      epoch(1, 2),
      rate(150),
      step(160, 1),
      epoch(2, 1),
      stopped,
      phase(1, 3),
    ];
    const ended = [...began, rate(210), epoch(3, 1)];
    const marked = (events: readonly RunEvent[]) => {
      const svg = reportCharts({ name: 'resumed', events })[0]?.svg ?? '';
      const marks = svg.match(/<polygon/g)?.length ?? 0;
      // One a kind is in the legend.
      return { phase: svg.includes('Phase 2'), stop: svg.includes('ended early'), marks };
    };
    expect(marked(ended)).toEqual({ phase: true, stop: true, marks: 5 });
    const paused: RunEvent = { type: 'resumed', ...at(220), epoch: 2 };
    expect(marked([...ended, paused])).toEqual({ phase: true, stop: true, marks: 5 });
    const resumed: RunEvent = { type: 'resumed', ...at(160), epoch: 1, checkpoint: 'checkpoints/1' };
    expect(marked([...ended, resumed])).toEqual({ phase: false, stop: false, marks: 2 });
    const again = [epoch(2, 0.5), phase(1, 3)];
    expect(marked([...ended, resumed, ...again])).toEqual({ phase: true, stop: false, marks: 2 });
  });

  test('are none of a run that measured nothing', () => {
    expect(reportCharts({ name: 'half', events: [] })).toEqual([]);
    expect(reportCharts({ name: 'nan', events: [step(1, NaN), step(2, Infinity)] })).toEqual([]);
  });
});
