import { fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import { EXIT_STATUS, Failure } from '../core/failure';
import { TRAINER_PROTOCOL, type FromTrainer, type RunMessage, type ToTrainer } from '../protocol/trainer';
import { Channel } from './channel';
import { RunControl } from './control';
import { withAdvice } from './diagnosis/outOfMemory';
import type { Session } from './train';
import { t } from '../l10n/translate';

/** The file descriptor that the parent opened for messages; see `client.ts`. */
const CHANNEL = 3;
const INTERRUPTED = 130;

/** Carries out one request and ends: with 0, 130 where it was stopped, else the failure's status. */
async function main(): Promise<number> {
  const channel = openChannel();
  const stop = new AbortController();
  const interrupt = () =>
    stop.abort(new Failure('work', 'STOPPED', t('stopped before there was anything to keep')));
  process.on('SIGTERM', interrupt).on('SIGINT', interrupt);
  // Windows and terminals close; the run goes on. Its log may be a pipe that nobody reads any more.
  process.on('SIGHUP', () => undefined);
  process.stderr.on('error', () => undefined);
  // A run that is paused, its window gone, has nothing else that keeps its process.
  setInterval(() => undefined, 2 ** 30);
  const crashed = new Promise<never>((_, reject) => {
    process.on('uncaughtException', reject).on('unhandledRejection', reject);
  });
  crashed.catch(() => undefined);

  channel.send({ type: 'hello', protocol: TRAINER_PROTOCOL, pid: process.pid });
  const control = new RunControl(stop.signal, interrupt);
  const request = await nextRequest(channel, control);
  if (!request) return 0;
  try {
    const stopped = await Promise.race([
      carryOut(
        request,
        { send: (message) => channel.send(message), stop: stop.signal, control, crashed },
        channel,
      ),
      crashed,
    ]);
    channel.send({ type: 'done' });
    return stopped ? INTERRUPTED : 0;
  } catch (thrown) {
    const error = withAdvice(thrown);
    channel.send(failureMessage(error));
    if (!(error instanceof Failure))
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    if (stop.signal.aborted && error === stop.signal.reason) return INTERRUPTED;
    return error instanceof Failure ? EXIT_STATUS[error.kind] : EXIT_STATUS.work;
  } finally {
    await channel.flush();
  }
}

type Request = Exclude<ToTrainer, RunMessage | { type: 'stop' | 'picture' }>;

/** Engines load with the request that needs them, so that the handshake waits for none. */
async function carryOut(
  request: Request,
  session: Session,
  channel: Channel<ToTrainer, FromTrainer>,
): Promise<boolean> {
  switch (request.type) {
    case 'train': {
      const { train } = await import('./train');
      return (await train(request, session)) === 'stopped';
    }
    case 'findRate': {
      const { findRate } = await import('./findRate');
      session.send({ type: 'rate', found: await findRate(request, whileHeard(session.stop, channel)) });
      return false;
    }
    case 'evaluate': {
      const { evaluate } = await import('./evaluate');
      session.send(await evaluate(request, whileHeard(session.stop, channel)));
      return false;
    }
    case 'predict': {
      const { predict } = await import('./predict');
      session.send(await predict(request, whileHeard(session.stop, channel)));
      return false;
    }
    case 'judge': {
      const { judge } = await import('./judge');
      await judge(request, session.send, whileHeard(session.stop, channel));
      return false;
    }
    case 'pictures': {
      const { servePictures } = await import('./judgePictures');
      await servePictures(request, channel, whileHeard(session.stop, channel));
      return false;
    }
    case 'probe': {
      const { answerProbe } = await import('./engineRequests');
      // A probe is for the one who asked.
      void channel.closed.then(() => process.exit(EXIT_STATUS.work));
      session.send(await answerProbe(request));
      return false;
    }
    case 'engines': {
      const { answerEngines } = await import('./engineRequests');
      session.send(await answerEngines(session.stop));
      return false;
    }
    case 'installEngine': {
      const { answerInstall } = await import('./engineRequests');
      session.send(await answerInstall(request, session.send, session.stop));
      return false;
    }
  }
}

/** Unlike a run, which has its folder, an answer without a listener is for nobody: aborts when the parent has gone, too. */
function whileHeard(stop: AbortSignal, channel: Channel<ToTrainer, FromTrainer>): AbortSignal {
  const gone = new AbortController();
  void channel.closed.then(() =>
    gone.abort(new Failure('work', 'STOPPED', t('nobody waits for the answer'))),
  );
  return AbortSignal.any([stop, gone.signal]);
}

/**
 * The first message that asks for work; a `stop`, then and later, interrupts, and what steers a run reaches it. Nothing
 * where the parent went away.
 */
function nextRequest(
  channel: Channel<ToTrainer, FromTrainer>,
  control: RunControl,
): Promise<Request | undefined> {
  return new Promise((resolve) => {
    void channel.closed.then(() => resolve(undefined));
    channel.onMessage((message) => {
      switch (message.type) {
        case 'stop':
        case 'pause':
        case 'resume':
        case 'saveCheckpoint':
        case 'setLearningRate':
          return control.hear(message);
        case 'picture':
          // Heard by what serves them.
          return undefined;
        default:
          resolve(message);
      }
    });
  });
}

function failureMessage(error: unknown): FromTrainer {
  if (!(error instanceof Failure)) {
    const message = error instanceof Error ? error.message : String(error);
    return { type: 'failed', kind: 'work', code: 'INTERNAL', message };
  }
  const { kind, code, message, path, layer } = error;
  return {
    type: 'failed',
    kind,
    code,
    message,
    ...(path !== undefined && { path }),
    ...(layer !== undefined && { layer }),
  };
}

function openChannel(): Channel<ToTrainer, FromTrainer> {
  try {
    fstatSync(CHANNEL);
  } catch {
    process.stderr.write('the trainer is started by the extension or the command line, not by hand\n');
    process.exit(EXIT_STATUS.usage);
  }
  return new Channel(new Socket({ fd: CHANNEL, readable: true, writable: true }));
}

// An engine's threads and an open channel keep a process alive: it ends when its request has.
process.exit(await main());
