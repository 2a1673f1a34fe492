/** `160`, `160x128` or `any`: height and width, as people write them; undefined for what is none of these. */
export function parseInputSize(
  text: string,
): readonly [height: number | null, width: number | null] | undefined {
  const trimmed = text.trim();
  if (trimmed === 'any') return [null, null];
  const [, height, width = height] = /^([1-9]\d{0,5})(?:\s*[x×]\s*([1-9]\d{0,5}))?$/.exec(trimmed) ?? [];
  return height === undefined ? undefined : [Number(height), Number(width)];
}
