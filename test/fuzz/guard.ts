import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import workers from 'node:worker_threads';

/**
 * Watches what this process reaches for beside the folders it may use: other files, sockets, names of hosts, programs,
 * threads. Each is reported and refused. What was imported before is watched too.
 */
export class Guard {
  private folders: readonly string[] = [];
  private reached: string[] = [];
  private watching = false;

  constructor() {
    this.watchFiles();
    this.watchNetwork();
    this.watchPrograms();
    syncBuiltinESMExports();
  }

  /** From now on nothing is allowed but reading and writing in these folders. */
  watch(...folders: readonly string[]): void {
    this.folders = folders;
    this.watching = true;
  }

  rest(): void {
    this.watching = false;
  }

  /** What was reached for since the last time. */
  take(): readonly string[] {
    const { reached } = this;
    this.reached = [];
    return reached;
  }

  private report(what: string): never {
    this.reached.push(what);
    throw new Error(`refused: ${what}`);
  }

  /** Every function of both modules: their first argument is a path where it is no number, some have two. */
  private watchFiles(): void {
    const check = (name: string, args: readonly unknown[]) => {
      if (!this.watching) return;
      for (const given of args.slice(0, TWO_PATHS.test(name) ? 2 : 1)) {
        const file = pathOf(given);
        if (file !== undefined && !this.isAllowed(file)) this.report(`fs.${name} ${file}`);
      }
    };
    wrapAll(fs, check);
    wrapAll(fs.promises, check);
  }

  private watchNetwork(): void {
    const refuse = (what: string) => () => {
      if (this.watching) this.report(what);
    };
    wrapAll(dns, refuse('dns'));
    wrapAll(dns.promises, refuse('dns'));
    wrap(net.Socket.prototype, 'connect', refuse('a socket'));
    wrap(net.Server.prototype, 'listen', refuse('a server'));
    for (const name of ['bind', 'connect', 'send'] as const)
      wrap(dgram.Socket.prototype, name, refuse('a datagram'));
    wrap(globalThis, 'fetch', refuse('fetch'));
  }

  private watchPrograms(): void {
    const refuse = (what: string) => () => {
      if (this.watching) this.report(what);
    };
    wrapAll(childProcess, refuse('a program'));
    wrap(process, 'dlopen', refuse('native code'));
    const guard = refuse('a thread');
    const { Worker } = workers;
    workers.Worker = class extends Worker {
      constructor(...args: ConstructorParameters<typeof Worker>) {
        guard();
        super(...args);
      }
    };
  }

  private isAllowed(file: string): boolean {
    return this.folders.some((folder) => file === folder || file.startsWith(`${folder}${path.sep}`));
  }
}

type Before = (name: string, args: readonly unknown[]) => void;

function wrapAll(holder: object, before: Before): void {
  for (const name of Object.keys(holder)) {
    if (/^[a-z]/.test(name)) wrap(holder, name, before);
  }
}

function wrap(holder: object, name: string, before: Before): void {
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  const original: unknown = descriptor?.value;
  if (!descriptor?.writable || typeof original !== 'function') return;
  const wrapped = function (this: unknown, ...args: readonly unknown[]): unknown {
    before(name, args);
    return Reflect.apply(original, this, args);
  };
  // `realpath.native`, and what `promisify` looks for.
  for (const key of Reflect.ownKeys(original)) {
    const property = Object.getOwnPropertyDescriptor(original, key);
    if (property && Object.getOwnPropertyDescriptor(wrapped, key)?.configurable !== false)
      Object.defineProperty(wrapped, key, property);
  }
  Object.defineProperty(holder, name, { ...descriptor, value: wrapped });
}

function pathOf(given: unknown): string | undefined {
  if (typeof given === 'string') return path.resolve(given);
  if (given instanceof URL) return given.protocol === 'file:' ? fileURLToPath(given) : given.href;
  return given instanceof Uint8Array ? path.resolve(Buffer.from(given).toString()) : undefined;
}

const TWO_PATHS = /^(rename|copyFile|link|symlink|cp)(Sync)?$/;
