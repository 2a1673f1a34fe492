import { crc32, deflateSync } from 'node:zlib';
import type { Judgement } from '../../../src/core/run/judgement';
import { seededRandom } from '../../../src/data/random';

/** A judgement as the trainer keeps it: classes that are mistaken for their neighbours now and then, the same each time. */
export function judgementOf(classes: readonly string[], samplesAClass: number, mistakes = 0.12): Judgement {
  const random = seededRandom(7, 1);
  const depth = Math.min(5, classes.length);
  const rows = {
    index: [] as number[],
    label: [] as number[],
    truth: [] as number[],
    taken: [] as number[],
    scores: [] as number[],
  };
  const counts = new Map<string, number>();
  classes.forEach((_, label) => {
    for (let sample = 0; sample < samplesAClass; sample++) {
      const wrong = random() < mistakes;
      const first = wrong ? (label + (random() < 0.7 ? 1 : 3)) % classes.length : label;
      const others = classes.map((_name, each) => each).filter((each) => each !== first && each !== label);
      const order = [first, ...(wrong ? [label] : []), ...others].slice(0, depth);
      const sure = 0.45 + 0.54 * random();
      const scores = order.map((_each, place) => (place === 0 ? sure : (1 - sure) / 2 ** place));
      rows.index.push(label * samplesAClass + sample);
      rows.label.push(label);
      rows.taken.push(...order);
      rows.scores.push(...scores);
      rows.truth.push(scores[order.indexOf(label)] ?? 0);
      const cell = `${label} ${first}`;
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
  });
  const cells = [...counts].flatMap(([cell, count]) => [...cell.split(' ').map(Number), count]);
  return {
    version: 1,
    model: { kind: 'result', path: 'model/model.h5', bytes: 490_232, modified: 1 },
    time: Date.now(),
    engine: 'wasm',
    samples: rows.label.length,
    metrics: { loss: 0.2871, accuracy: 0.9 },
    notes: [],
    answers: { kind: 'classes', classes, cells, rows: { ...rows, depth } },
  };
}

/** A picture of a number as large as a digit of MNIST, as the host sends it. */
export function pictureOf(sample: number, side = 28): string {
  const pixels = Buffer.alloc(side * (side + 1));
  const [radius, thickness] = [side * (0.2 + 0.04 * (sample % 5)), 2.2];
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const distance = Math.hypot(x - side / 2 + 0.5, y - side / 2 + 0.5);
      pixels[y * (side + 1) + 1 + x] = Math.max(
        0,
        255 - 110 * Math.max(0, Math.abs(distance - radius) - thickness),
      );
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(side, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const file = Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(pixels)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
  return `data:image/png;base64,${file.toString('base64')}`;
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
