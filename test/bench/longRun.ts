import { appendFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { EpochEvent, RunEvent, StepEvent } from '../../src/core/run/events';
import { formatEventLine } from '../../src/runs/eventLine';

export const STEPS_PER_EPOCH = 1000;
/** Twenty steps a second, as the trainer tells them at most. */
const STEP_MS = 50;
const BEGAN = Date.UTC(2026, 0, 1);
const LINES_AT_ONCE = 20_000;

/** A step as a trainer tells it: metrics are 32-bit floats. */
export function stepOf(step: number, time = BEGAN + step * STEP_MS): StepEvent {
  const wobble = Math.sin(step * 12.9898) * 0.1;
  const accuracy = 0.8 - 0.7 * Math.exp(-step / 2e5) + wobble;
  const metrics = {
    loss: Math.fround(Math.exp(-step / 2e5) + 0.2 + wobble),
    accuracy: Math.fround(accuracy),
    top5: Math.fround(Math.min(1, accuracy + 0.1)),
  };
  return { type: 'step', time, step, epoch: Math.ceil(step / STEPS_PER_EPOCH), metrics };
}

function epochOf(step: number): EpochEvent {
  const { time, epoch, metrics } = stepOf(step);
  const validation = Object.entries(metrics).map(([name, value]) => [`val_${name}`, value]);
  const all = { ...metrics, ...(Object.fromEntries(validation) as Record<string, number>) };
  return { type: 'epoch', time, epoch, step, metrics: all, seconds: 50, samplesPerSecond: 640 };
}

export function startOf(name: string, steps: number, time = BEGAN): RunEvent {
  return {
    ...{ type: 'start', time, version: 1, name, engine: 'wasm', device: 'WebAssembly SIMD' },
    ...{ epochs: Math.ceil(steps / STEPS_PER_EPOCH), stepsPerEpoch: STEPS_PER_EPOCH },
    ...{ trainSamples: 32_000, validationSamples: 400, batchSize: 32, classes: ['cat', 'dog'] },
    ...{ totalParams: 108_261, trainableParams: 100_741 },
  };
}

/** Writes the folder of a finished run of so many steps; 1,000,000 are 150 MB. */
export function writeLongRun(folder: string, name: string, steps: number): void {
  mkdirSync(folder, { recursive: true });
  const log = path.join(folder, 'events.jsonl');
  let lines = [formatEventLine(startOf(name, steps))];
  for (let step = 1; step <= steps; step++) {
    lines.push(formatEventLine(stepOf(step)));
    if (step % STEPS_PER_EPOCH === 0) lines.push(formatEventLine(epochOf(step)));
    if (lines.length < LINES_AT_ONCE) continue;
    appendFileSync(log, lines.join(''));
    lines = [];
  }
  const time = BEGAN + steps * STEP_MS;
  appendFileSync(log, lines.join('') + formatEventLine({ type: 'end', time, status: 'finished', model: [] }));
}
