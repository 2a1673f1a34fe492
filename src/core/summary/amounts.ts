/** Numbers as the tables of Keras show them. */

export const showNumber = (value: number): string => value.toLocaleString('en-US');

export function showSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const unit = units.find((_, power) => bytes / 1024 ** (power + 1) < 1);
  const power = unit === undefined ? units.length : units.indexOf(unit);
  return `${(bytes / 1024 ** power).toFixed(2)} ${unit ?? 'PB'}`;
}
