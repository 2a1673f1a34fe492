import { describe, expect, it } from 'vitest';
import { renderEvaluation } from '../../../src/cli/evaluate';

const metrics = { loss: 0.25, accuracy: 5 / 6 };

describe('what evaluate prints', () => {
  it('is the numbers, and below them which class was taken for which', () => {
    const confusion = {
      classes: ['cat', 'horse'],
      counts: [
        [3, 1],
        [0, 12],
      ],
    };
    expect(renderEvaluation({ samples: 16, metrics, confusion })).toBe(
      [
        '16 samples: loss 0.2500  accuracy 0.8333',
        '',
        'true \\ predicted  cat  horse',
        'cat                 3      1',
        'horse               0     12',
        '',
      ].join('\n'),
    );
  });

  it('is the numbers alone where there are no classes', () => {
    expect(renderEvaluation({ samples: 1, metrics: { loss: 2 } })).toBe('1 sample: loss 2.0000\n');
  });

  it('is the worst mistakes where there are many classes', () => {
    const classes = Array.from({ length: 30 }, (_, index) => `c${index}`);
    const counts: number[][] = classes.map((_, row) => classes.map((__, column) => (row === column ? 9 : 0)));
    const render = () =>
      renderEvaluation({ samples: 270, metrics: { loss: 1 }, confusion: { classes, counts } });
    expect(render()).toContain('no class was taken for another');
    counts[3]![4] = 2;
    counts[7]![1] = 5;
    expect(render()).toMatch(/them all\):\n5× c7 taken for c1\n2× c3 taken for c4\n$/);
    for (let row = 5; row < 30; row++) counts[row]![0] = 1;
    expect(render()).toMatch(/\nand 7 other pairs\n$/);
  });
});
