import { rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure } from '../../core/failure';
import { LARGEST_DROPPED, MOST_PREDICTED, type DroppedImage } from '../../protocol/judging';
import { t } from '../../l10n/translate';

/**
 * Where what was dropped is. Images that came without a place of their own are put in the system's folder for such, where
 * they stay as long as a page may ask for their pictures: until it predicts others, or the window closes.
 */
export class DroppedImages {
  /** By the page that the images were dropped on. */
  private readonly folders = new Map<object, string>();

  /** @throws Failure `IMAGE_TOO_LARGE`, `IMAGE_ELSEWHERE` */
  async placesOf(page: object, dropped: readonly DroppedImage[]): Promise<readonly string[]> {
    await this.forget(page);
    try {
      const places: string[] = [];
      for (const [index, image] of dropped.slice(0, MOST_PREDICTED).entries()) {
        places.push('uri' in image ? placeOf(image.uri) : await this.keep(page, index, image));
      }
      return places;
    } catch (error) {
      await this.forget(page);
      throw error;
    }
  }

  /** The page shows others, or none. */
  async forget(page: object): Promise<void> {
    const folder = this.folders.get(page);
    this.folders.delete(page);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  /** At once: nobody waits for a window that closes. */
  dispose(): void {
    for (const folder of this.folders.values()) rmSync(folder, { recursive: true, force: true });
    this.folders.clear();
  }

  private async keep(
    page: object,
    index: number,
    image: Extract<DroppedImage, { readonly bytes: unknown }>,
  ): Promise<string> {
    const bytes = new Uint8Array(image.bytes);
    const name = path.basename(image.name);
    if (bytes.length > LARGEST_DROPPED) {
      const message = t(
        '{0}: found {1} bytes, expected at most {2} of a dropped image; choose the file instead',
        name,
        bytes.length,
        LARGEST_DROPPED,
      );
      throw new Failure('input', 'IMAGE_TOO_LARGE', message);
    }
    const folder = this.folders.get(page) ?? (await mkdtemp(path.join(tmpdir(), 'model-surgery-')));
    this.folders.set(page, folder);
    const place = path.join(folder, `${index}-${name}`);
    await writeFile(place, bytes);
    return place;
  }
}

function placeOf(uri: string): string {
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    const message = t(
      '{0}: found an address of no file on this machine, expected file:///…; save it there first',
      uri,
    );
    throw new Failure('input', 'IMAGE_ELSEWHERE', message, { cause });
  }
}
