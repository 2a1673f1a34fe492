import { expect, test } from 'vitest';
import { HistoryBuilder, MOST_METRICS, NOT_TOLD, stepAt } from '../../../src/core/run/history';
import { seededRandom } from '../../../src/data/random';
import { parseEventLine } from '../../../src/runs/eventLine';
import { StepLineReader } from '../../../src/runs/stepLine';

/** Where one is read from within a larger chunk, and what becomes of it. */
function read(line: string): ReturnType<typeof stepAt> | undefined {
  const builder = new HistoryBuilder();
  const bytes = Buffer.from(`before\n${line}\n{"type":"step"`);
  const understood = new StepLineReader(builder).read(bytes, 7, 7 + Buffer.byteLength(line));
  const { steps } = builder.take();
  expect(steps.length).toBe(understood ? 1 : 0);
  return understood ? stepAt(steps, 0) : undefined;
}

const line = (metrics: string, step = '7', epoch = '2', time = '1795312287593') =>
  `{"type":"step","time":${time},"step":${step},"epoch":${epoch},"metrics":${metrics}}`;

test.each([
  line('{"loss":2.307465076446533,"accuracy":0.21875,"top5":1}'),
  line('{}'),
  line('{"loss":null,"größe 🙂":-0.5}'),
  line('{"loss":1.0839437134563923e-7,"a":1e21,"b":2E+3,"c":12345678901234567890,"d":0.12345678806304932}'),
  line('{"loss":5e-324,"a":0.1,"b":-0,"c":1.7976931348623157e308}'),
  line('{"loss":1}', '1', '1', '1795312287593.25'),
])('reads what a run writes as JSON.parse does: %s', (text) => {
  const parsed = parseEventLine(text);
  expect(read(text)).toEqual(parsed.is === 'event' ? parsed.event : 'an event');
});

test.each([
  line('{"loss":1}', '1.5'),
  line('{"loss":1}', '-1'),
  line('{"loss":01}'),
  line('{"loss":1.}'),
  line('{"loss":.5}'),
  line('{"loss":1e}'),
  line('{"loss":1e999}'),
  line('{"loss":"low"}'),
  line('{"loss":nul}'),
  line('{"a\\u0062":1}'),
  line('{"loss":1,}'),
  line('{"a\tb":1}'),
  line('{"loss":1}').slice(0, -1),
  `${line('{"loss":1}')} `,
  `${line('{"loss":1}')}}`,
  '{"type":"step","step":1,"time":1,"epoch":1,"metrics":{}}',
  '{"type":"step"}',
])('leaves to the parser of all events: %s', (text) => {
  expect(read(text)).toBeUndefined();
});

test('agrees with the parser of all events on any line', () => {
  const random = seededRandom(11);
  const pick = (from: string) => from[Math.floor(random() * from.length)] ?? '';
  const number = () =>
    [
      String(Math.fround(random())),
      String(random() * 10 ** Math.floor(random() * 40 - 20)),
      String(Math.floor(random() * 1e6)),
      'null',
    ][Math.floor(random() * 4)] ?? '0';
  let understood = 0;
  for (let count = 0; count < 5000; count++) {
    const names = ['loss', 'accuracy', 'val "x', 'f1/é'].slice(0, Math.floor(random() * 5));
    const metrics = names.map((name) => `${JSON.stringify(name)}:${number()}`).join(',');
    let text = line(`{${metrics}}`, String(Math.floor(random() * 1e5)), '3', number());
    // Two thirds are broken somewhere.
    for (let breaks = Math.floor(random() * 3); breaks > 0; breaks--) {
      const at = Math.floor(random() * text.length);
      text = text.slice(0, at) + pick('0123456789eE+-.,:{}"\\ n') + text.slice(at + 1);
    }
    const event = read(text);
    if (event === undefined) continue;
    understood++;
    expect(parseEventLine(text), text).toEqual({ is: 'event', event });
  }
  expect(understood).toBeGreaterThan(500);
});

test('keeps what a step does not tell apart from what is no number', () => {
  const builder = new HistoryBuilder();
  const reader = new StepLineReader(builder);
  for (const text of [line('{"loss":null}'), line('{"accuracy":1}')])
    expect(reader.read(Buffer.from(text), 0, Buffer.byteLength(text))).toBe(true);
  const { metrics } = builder.take().steps;
  expect([...(metrics['loss'] ?? [])]).toEqual([NaN, NOT_TOLD]);
  expect([...(metrics['accuracy'] ?? [])]).toEqual([NOT_TOLD, 1]);
});

test('leaves out the metrics of a log that names another in each step', () => {
  const builder = new HistoryBuilder();
  const reader = new StepLineReader(builder);
  for (let step = 0; step < 3 * MOST_METRICS; step++) {
    const text = line(`{"metric ${step}":${step}}`);
    expect(reader.read(Buffer.from(text), 0, Buffer.byteLength(text))).toBe(true);
    if (step === MOST_METRICS) builder.take();
  }
  expect(Object.keys(builder.take().steps.metrics)).toEqual([]);
});
