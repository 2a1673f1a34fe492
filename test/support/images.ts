import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';

/** Writes files into a folder, with the folders they need. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}

/** A PNG of these pixels, interleaved. */
export function png(
  width: number,
  height: number,
  channels: 1 | 3 | 4,
  pixels: readonly number[],
): Promise<Buffer> {
  return sharp(Uint8Array.from(pixels), { raw: { width, height, channels } }).png().toBuffer();
}

/** A PNG of one colour. */
export function plainPng(width: number, height: number, ...color: readonly number[]): Promise<Buffer> {
  const channels = color.length === 1 ? 1 : 3;
  return png(width, height, channels, Array.from({ length: width * height }, () => color).flat());
}
