import { expect, test } from 'vitest';
import { seededRandom } from '../../../../src/data/random';
import { Column } from '../../../../webview/metrics/column';
import { createThinner, thinOut } from '../../../../webview/metrics/thinning';

test('chooses of a growing, rewound or zoomed series what it would choose of it at once', () => {
  for (let seed = 0; seed < 20; seed++) {
    const random = seededRandom(seed);
    const thin = createThinner();
    let xs = Column.empty;
    let ys = Column.empty;
    let [from, width] = [0, 16];
    for (let draw = 0; draw < 200; draw++) {
      const count = Math.floor(random() * 40);
      const last = Math.max(0, xs.last() || 0);
      const gap = 1 + Math.floor(random() * 3);
      xs = xs.extend(count, (index) => last + (index + 1) * gap);
      ys = ys.extend(count, () => (random() < 0.1 ? NaN : random()));
      if (random() < 0.05) {
        const length = Math.floor(random() * xs.length);
        [xs, ys] = [xs.take(length), ys.take(length)];
      }
      if (random() < 0.05) width = 2 ** Math.floor(random() * 7);
      if (random() < 0.05) from = Math.floor(random() * xs.length);
      from = Math.min(from, xs.length);
      const to = random() < 0.1 ? from + Math.floor(random() * (xs.length - from)) : xs.length;
      expect(thin(xs, ys, from, to, width)).toEqual(thinOut(xs, ys, from, to, width));
    }
  }
});

test('looks at no bucket again that was full', () => {
  const thin = createThinner();
  const xs = Column.empty.extend(10_000, (index) => index + 1);
  const ys = Column.empty.extend(10_000, (index) => Math.sin(index));
  const before = thin(xs, ys, 0, 10_000, 64);
  // Columns never change; a highest point that is put there behind their back is seen by who looks again.
  const passed = Array.from({ length: 64 }, (_, index) => 5000 + index).find(
    (each) => !before.includes(each),
  )!;
  ys.view()[passed] = 1e9;
  const [longerXs, longerYs] = [xs.append(10_001), ys.append(0)];
  expect(thin(longerXs, longerYs, 0, 10_001, 64)).not.toContain(passed);
  expect(thinOut(longerXs, longerYs, 0, 10_001, 64)).toContain(passed);
});
