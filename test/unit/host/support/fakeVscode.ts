import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/** As much of VS Code as a document needs, in the hands of a test. */
type Listener<T> = (value: T) => unknown;

export class EventEmitter<T> {
  private readonly listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>) => {
    this.listeners.add(listener);
    return { dispose: () => void this.listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of this.listeners) listener(value);
  }

  dispose(): void {
    this.listeners.clear();
  }
}

export class Disposable {
  static from(...all: readonly { dispose(): unknown }[]) {
    return { dispose: () => all.forEach((each) => void each.dispose()) };
  }
}

export class RelativePattern {
  constructor(
    readonly base: { readonly fsPath: string },
    readonly pattern: string,
  ) {}
}

const uriOf = (fsPath: string) => ({ scheme: 'file', fsPath, toString: () => pathToFileURL(fsPath).href });
export const Uri = { file: uriOf };

const watchers = new Map<string, EventEmitter<void>>();

const trustGranted = new EventEmitter<void>();

/** As a person does who trusts the workspace. */
export function grantTrust(): void {
  workspace.isTrusted = true;
  trustGranted.fire();
}

/** The settings that are not as they come. */
export const settings = new Map<string, unknown>();

/** What this workspace remembers. */
export function memento() {
  const kept = new Map<string, unknown>();
  return {
    get: (key: string, otherwise?: unknown) => kept.get(key) ?? otherwise,
    update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
    keys: () => [...kept.keys()],
  };
}

/** As VS Code's watcher tells: of one file, by its name. */
export function tellChange(name: string): void {
  watchers.get(name)?.fire();
}

export const workspace: {
  isTrusted: boolean;
  workspaceFolders: readonly { readonly uri: ReturnType<typeof uriOf> }[] | undefined;
  readonly onDidGrantWorkspaceTrust: EventEmitter<void>['event'];
  readonly fs: object;
  getConfiguration(section: string): { get(key: string, otherwise: unknown): unknown };
  createFileSystemWatcher(pattern: RelativePattern): object;
} = {
  isTrusted: true,
  workspaceFolders: undefined,
  onDidGrantWorkspaceTrust: trustGranted.event,
  getConfiguration: (section) => ({
    get: (key, otherwise) => settings.get(`${section}.${key}`) ?? otherwise,
  }),
  fs: {
    writeFile: ({ fsPath }: { readonly fsPath: string }, bytes: Uint8Array) => writeFile(fsPath, bytes),
    readFile: ({ fsPath }: { readonly fsPath: string }) => readFile(fsPath),
  },
  createFileSystemWatcher({ pattern }: RelativePattern) {
    const changed = new EventEmitter<void>();
    watchers.set(pattern, changed);
    const never = () => ({ dispose: () => undefined });
    return {
      onDidChange: changed.event,
      onDidCreate: never,
      onDidDelete: never,
      dispose: () => changed.dispose(),
    };
  },
};

/** What was asked, and what the test answers: nothing is a question that was closed. */
export const asked: string[] = [];
/** What modal questions said beside that. */
export const details: string[] = [];
export const answers: string[] = [];

export const l10n = {
  t: (message: string, ...values: readonly unknown[]) =>
    message.replace(/\{(\d+)\}/g, (_hole, at) => String(values[Number(at)])),
};

export const ProgressLocation = { Window: 10, Notification: 15 };

export const window = {
  withProgress: <T>(_options: unknown, work: () => Promise<T>): Promise<T> => work(),

  showInformationMessage(message: string): Promise<undefined> {
    asked.push(message);
    return Promise.resolve(undefined);
  },
  showWarningMessage(message: string, ...rest: readonly unknown[]): Promise<unknown> {
    asked.push(message);
    const [options] = rest;
    if (options instanceof Object && 'detail' in options) details.push(String(options.detail));
    const answer = answers.shift();
    const choices = rest.filter(
      (each) => typeof each === 'string' || (each instanceof Object && 'title' in each),
    );
    return Promise.resolve(
      choices.find(
        (each) => each === answer || (each instanceof Object && Reflect.get(each, 'title') === answer),
      ),
    );
  },
};
