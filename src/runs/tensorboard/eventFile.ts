import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { tfRecord } from './record';
import { versionEvent } from './event';

const NAME = /^events\.out\.tfevents\.(\d{10})\./;

/**
 * One event file. A record is one `write`: a kill at any byte leaves whole records and at most one torn one, at which
 * TensorBoard waits for more. So nothing is ever appended to a file of an earlier process.
 */
export class EventFile {
  private constructor(private readonly file: number) {}

  /**
   * A new file in that folder. TensorBoard reads the files of a folder in the order of their names and never goes back, so
   * its name comes after all that are there.
   */
  static async create(folder: string, time: number): Promise<EventFile> {
    await mkdir(folder, { recursive: true });
    const taken = (await readdir(folder)).map((name) => Number(NAME.exec(name)?.[1] ?? 0));
    const seconds = Math.max(Math.floor(time / 1000), ...taken.map((before) => before + 1));
    const name = `events.out.tfevents.${String(seconds).padStart(10, '0')}.model-surgery.${process.pid}.0.v2`;
    const file = new EventFile(openSync(path.join(folder, name), 'ax'));
    file.append(versionEvent(time));
    return file;
  }

  append(event: Uint8Array): void {
    let rest = tfRecord(event);
    while (rest.byteLength > 0) rest = rest.subarray(writeSync(this.file, rest));
  }

  close(): void {
    closeSync(this.file);
  }
}
