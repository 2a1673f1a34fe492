import type { Projection } from './warp';

type Points = readonly (readonly [x: number, y: number])[];

/**
 * The projection that brings four points `to` back to where they came `from`, as eight linear equations. Source:
 * keras/src/backend/tensorflow/image.py, compute_homography_matrix.
 */
export function homography(from: Points, to: Points): Projection {
  const rows = from.flatMap(([u, v], index) => {
    const [x, y] = to[index];
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return solve(rows);
}

/** Gauss's elimination with the largest pivot; not finite where there is no one solution. */
function solve(rows: number[][]): readonly number[] {
  const size = rows.length;
  for (let column = 0; column < size; column++) {
    let pivot = column;
    for (let row = column; row < size; row++) {
      if (Math.abs(rows[row][column]) > Math.abs(rows[pivot][column])) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot], rows[column]];
    for (let row = 0; row < size; row++) {
      if (row === column) continue;
      const times = rows[row][column] / rows[column][column];
      for (let at = column; at <= size; at++) rows[row][at] -= times * rows[column][at];
    }
  }
  return rows.map((row, index) => row[size] / row[index]);
}
