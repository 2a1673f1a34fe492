import { spawn, type ChildProcess } from 'node:child_process';
import { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../core/failure';
import { languageEnvironment } from '../l10n/processLanguage';
import {
  TRAINER_PROTOCOL,
  type FromTrainer,
  type PictureRequest,
  type RunMessage,
  type ToTrainer,
} from '../protocol/trainer';
import { isAlive, readRunProcess } from '../runs/runProcess';
import { askRun } from '../runs/steeringFile';
import { Channel } from './channel';
import { signalTree } from './processTree';
import { t } from '../l10n/translate';

/** How a child ended: a code or a signal, as the operating system said. */
export interface TrainerExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface TrainerProcess {
  readonly pid: number;
  /**
   * Everything the child says after its handshake; what it said before the first listener came is kept for that one.
   * A child that goes without `done` or `failed` gets a `failed` here, so that one path ends every request.
   * Returns a function that stops listening.
   */
  onMessage(listener: (message: FromTrainer) => void): () => void;
  /** Pauses a run, lets it go on, asks for a checkpoint or another learning rate: heard before the next step. */
  steer(message: RunMessage): void;
  /** Of one that serves pictures. */
  ask(request: PictureRequest): void;
  /**
   * Asks it to stop after the current step; ends its whole process tree if it has not within the grace period.
   * @param options `keepBest`: a run goes back to the weights of its best epoch first
   */
  stop(options?: { readonly keepBest?: boolean }): Promise<TrainerExit>;
  /** Always resolves, after the last message. */
  readonly exited: Promise<TrainerExit>;
  /** The tail of what it wrote to stderr. */
  log(): string;
}

export interface TrainerOptions {
  /** `dist/trainer.js` beside the caller's bundle. */
  readonly entry: string;
  /** Outlives the parent: the run goes on when a window closes. */
  readonly detached?: boolean;
  /** The Node binary; this process's own where left out. */
  readonly node?: string;
  /** Milliseconds that `stop` waits before it sends SIGTERM; a step and the writing of the model fit. */
  readonly graceMs?: number;
}

/** A cold start from a slow disk fits; the child says hello before it loads an engine. */
const HANDSHAKE_MS = 30_000;
const GRACE_MS = 30_000;
/** Between SIGTERM, which the trainer takes as a second request to stop, and SIGKILL. */
const TERM_MS = 5_000;
/** How long the channel may stay open after its process has gone: what is in the pipe has arrived by then. */
const DRAIN_MS = 1_000;
const LONGEST_LOG = 64 * 1024;
/** A process is told nothing when the system ends it to get its memory. */
const MEMORY_FULL = t(
  '; systems do so where their memory is full: a smaller "batchSize" takes less, and --resume goes on from the last checkpoint',
);

/**
 * Starts a child, waits for its handshake and sends it one request.
 * @throws Failure of kind `work` when it does not start or speaks another version of the protocol
 */
export async function startTrainer(request: ToTrainer, options: TrainerOptions): Promise<TrainerProcess> {
  const child = spawn(options.node ?? process.execPath, ['--enable-source-maps', options.entry], {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    // Its own process group on POSIX, so that its tree can be ended as one; on Windows that would open a console.
    detached: process.platform !== 'win32' || options.detached === true,
    windowsHide: true,
    env: {
      ...process.env,
      ...languageEnvironment(),
      ...(process.versions.electron && { ELECTRON_RUN_AS_NODE: '1' }),
    },
  });
  const trainer = new ChildTrainer(child, options.graceMs ?? GRACE_MS);
  await trainer.handshake();
  if (options.detached) trainer.unref();
  trainer.send(request);
  return trainer;
}

/**
 * Stops the run of a folder whose channel is gone (another window's, or one from before a reload): its process saves
 * the model and ends. One that does not hear its folder is sent SIGTERM, and after the grace period its whole tree is
 * ended. Resolves when it has gone.
 *
 * @param options `keepBest`: it goes back to the weights of its best epoch first
 */
export async function stopRun(
  folder: string,
  { keepBest = false, graceMs = GRACE_MS }: { readonly keepBest?: boolean; readonly graceMs?: number } = {},
): Promise<void> {
  const run = await readRunProcess(folder);
  if (!run || !(await isAlive(run))) return;
  const gone = async (withinMs: number) => {
    for (const end = performance.now() + withinMs; performance.now() < end; await delay(100)) {
      if (!(await isAlive(run))) return true;
    }
    return false;
  };
  const asked = await askRun(folder, { type: 'stop', keepBest }).then(
    () => true,
    () => false,
  );
  if (asked && (await gone(graceMs))) return;
  signalTree(run.pid, 'SIGTERM');
  if (await gone(asked ? TERM_MS : graceMs)) return;
  signalTree(run.pid, 'SIGKILL');
  await gone(TERM_MS);
}

/**
 * Steers the run of a folder whose channel is gone: its process hears it before its next step. Nothing happens where it
 * has gone.
 *
 * @throws Failure of kind `work` (`RUN_DEAF`) where its folder cannot be written to
 */
export async function steerRun(folder: string, message: RunMessage): Promise<void> {
  const run = await readRunProcess(folder);
  if (run && (await isAlive(run))) await askRun(folder, message);
}

class ChildTrainer implements TrainerProcess {
  private readonly channel: Channel<FromTrainer, ToTrainer>;
  private readonly listeners = new Set<(message: FromTrainer) => void>();
  private early: FromTrainer[] = [];
  private stderr = '';
  private answered = false;
  private stopping = false;
  private spawnError: Error | undefined;
  readonly exited: Promise<TrainerExit>;

  constructor(
    private readonly child: ChildProcess,
    private readonly graceMs: number,
  ) {
    const stream = child.stdio[3];
    if (!(stream instanceof Duplex)) throw new Error('the fourth file descriptor of the trainer is no pipe');
    this.channel = new Channel(stream);
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-LONGEST_LOG);
    });
    this.exited = this.end();
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  log(): string {
    return this.stderr;
  }

  send(message: ToTrainer): void {
    this.channel.send(message);
  }

  /** Resolves once the child has said `hello` in this version of the protocol. */
  async handshake(): Promise<void> {
    const abort = new AbortController();
    const first = new Promise<FromTrainer>((resolve) => {
      const stopListening = this.channel.onMessage((message) => {
        stopListening();
        this.channel.onMessage((later) => this.receive(later));
        resolve(message);
      });
    });
    const answer = await Promise.race([
      first,
      this.exited.then(() => undefined),
      delay(HANDSHAKE_MS, 'late' as const, { signal: abort.signal, ref: false }).catch(() => undefined),
    ]);
    abort.abort();
    if (typeof answer === 'object' && answer.type === 'hello' && answer.protocol === TRAINER_PROTOCOL) return;
    this.kill('SIGKILL');
    throw this.refusal(answer);
  }

  onMessage(listener: (message: FromTrainer) => void): () => void {
    this.listeners.add(listener);
    const early = this.early;
    this.early = [];
    for (const message of early) listener(message);
    return () => this.listeners.delete(listener);
  }

  steer(message: RunMessage): void {
    this.send(message);
  }

  ask(request: PictureRequest): void {
    this.send(request);
  }

  async stop({ keepBest = false }: { readonly keepBest?: boolean } = {}): Promise<TrainerExit> {
    if (this.stopping) return this.exited;
    this.stopping = true;
    this.send({ type: 'stop', ...(keepBest && { keepBest }) });
    const gone = (withinMs: number) =>
      Promise.race([this.exited.then(() => true), delay(withinMs, false, { ref: false })]);
    if (!(await gone(this.graceMs))) {
      this.kill('SIGTERM');
      if (!(await gone(TERM_MS))) this.kill('SIGKILL');
    }
    const exit = await this.exited;
    // What the child itself had started and left behind.
    this.kill('SIGKILL');
    return exit;
  }

  /** Lets this process end while the child goes on. */
  unref(): void {
    this.child.unref();
    for (const stream of [this.child.stderr, this.child.stdio[3]]) {
      if (stream && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
    }
  }

  private kill(signal: 'SIGTERM' | 'SIGKILL'): void {
    if (this.child.pid !== undefined) signalTree(this.child.pid, signal);
  }

  /** The one way out: the process has gone and all it said has been heard. */
  private async end(): Promise<TrainerExit> {
    const exit = await new Promise<TrainerExit>((resolve) => {
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
      this.child.once('error', (error) => {
        this.spawnError = error;
        resolve({ code: null, signal: null });
      });
    });
    await Promise.race([this.channel.closed, delay(DRAIN_MS, undefined, { ref: false })]);
    this.channel.close();
    if (!this.answered) {
      const why = exit.signal === 'SIGKILL' && !this.stopping ? MEMORY_FULL : '';
      this.receive({
        type: 'failed',
        kind: 'work',
        code: 'TRAINER_DIED',
        message: `${
          exit.signal === null
            ? t('the trainer (process {0}) ended with status {1} before it was done', this.pid, exit.code)
            : t('the trainer (process {0}) ended by {1} before it was done', this.pid, exit.signal)
        }${why}${this.lastWords()}`,
      });
    }
    return exit;
  }

  private receive(message: FromTrainer): void {
    if (message.type === 'done' || message.type === 'failed') this.answered = true;
    if (this.listeners.size === 0) this.early.push(message);
    else for (const listener of [...this.listeners]) listener(message);
  }

  private refusal(answer: FromTrainer | 'late' | undefined): Failure {
    if (this.spawnError) {
      return new Failure(
        'work',
        'TRAINER_START',
        t('the trainer cannot be started: {0}', this.spawnError.message),
        {
          cause: this.spawnError,
        },
      );
    }
    const found =
      answer === 'late'
        ? t('said nothing for {0} s', HANDSHAKE_MS / 1000)
        : answer === undefined
          ? t('ended at once{0}', this.lastWords())
          : answer.type === 'hello'
            ? t('speaks version {0} of the protocol', answer.protocol)
            : t('began with "{0}"', answer.type);
    return new Failure(
      'work',
      'TRAINER_HANDSHAKE',
      t(
        'the trainer {0}, expected version {1}; build or install the extension again',
        found,
        TRAINER_PROTOCOL,
      ),
    );
  }

  private lastWords(): string {
    const line = this.stderr.trim().split('\n').at(-1);
    return line ? t('; its last words: {0}', line) : '';
  }
}
