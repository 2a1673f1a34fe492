import type { Random } from './random';

/**
 * A matrix with orthonormal columns (or rows, where there are fewer of them), row-major: the Q of a QR decomposition of
 * normal draws with R's diagonal positive, which makes it uniform over such matrices (Mezzadri 2007). By modified
 * Gram–Schmidt, each column twice.
 */
export function orthogonalMatrix(rows: number, columns: number, random: Random): Float64Array {
  const length = Math.max(rows, columns);
  const count = Math.min(rows, columns);
  const vectors = Array.from({ length: count }, () => Float64Array.from({ length }, () => random.normal()));
  vectors.forEach((vector, index) => {
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of vectors.slice(0, index)) subtractProjection(vector, earlier);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) vector[i]! /= norm;
  });
  const tall = rows >= columns;
  return Float64Array.from({ length: rows * columns }, (_, flat) => {
    const row = Math.floor(flat / columns);
    const column = flat % columns;
    return tall ? vectors[column]![row]! : vectors[row]![column]!;
  });
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const share = dot(vector, unit);
  for (let i = 0; i < vector.length; i++) vector[i]! -= share * unit[i]!;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
