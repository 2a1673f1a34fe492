import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { TRAINER_PROTOCOL, type FromTrainer } from '../../../src/protocol/trainer';
import { startTrainer, type TrainerProcess } from '../../../src/trainer/client';
import { temporaryFolder } from '../../support/temporary';

const request = { type: 'train', plan: '/x.plan.json' } as const;

/** A child that speaks on its channel as the trainer does; `body` sees `say`, `channel` and `onLine`. */
async function childOf(body: string): Promise<string> {
  const entry = path.join(await temporaryFolder(), 'child.mjs');
  await writeFile(
    entry,
    `import { Socket } from 'node:net';
import { spawn } from 'node:child_process';
const channel = new Socket({ fd: 3, readable: true, writable: true });
const say = (message) => channel.write(JSON.stringify(message) + '\\n');
const hello = { type: 'hello', protocol: ${TRAINER_PROTOCOL}, pid: process.pid };
const onLine = (listener) => channel.on('data', (bytes) => bytes.toString().trim().split('\\n').map(JSON.parse).forEach(listener));
${body}`,
  );
  return entry;
}

/** Everything a child says until it has gone. */
async function heard(trainer: TrainerProcess): Promise<readonly FromTrainer[]> {
  const messages: FromTrainer[] = [];
  trainer.onMessage((message) => messages.push(message));
  await trainer.exited;
  return messages;
}

const lives = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function isGone(pid: number): Promise<boolean> {
  // A killed orphan is a zombie until init has taken note of it.
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return !lives(pid) || / Z /.test(stat);
}

describe('starting a trainer', () => {
  it('sends the request after the handshake, and hears all that is said', async () => {
    const entry = await childOf(`
      say(hello);
      onLine((request) => {
        say({ type: 'run', folder: request.plan });
        say({ type: 'done' });
        channel.end(() => process.exit(0));
      });`);
    const trainer = await startTrainer(request, { entry });
    // Later than the messages come: they are kept.
    expect(await trainer.exited).toEqual({ code: 0, signal: null });
    expect(await heard(trainer)).toEqual([{ type: 'run', folder: '/x.plan.json' }, { type: 'done' }]);
  });

  it.each([
    [
      'speaks another version',
      `say({ ...hello, protocol: 99 }); setInterval(() => {}, 1000);`,
      'speaks version 99',
    ],
    ['says something else first', `say({ type: 'done' }); setInterval(() => {}, 1000);`, 'began with "done"'],
    [
      'dies at once',
      `console.error('no such module'); process.exit(1);`,
      'ended at once; its last words: no such module',
    ],
  ])('fails when the child %s', async (_, body, message) => {
    await expect(startTrainer(request, { entry: await childOf(body) })).rejects.toMatchObject({
      kind: 'work',
      code: 'TRAINER_HANDSHAKE',
      message: expect.stringContaining(message) as string,
    });
  });

  it('fails when there is no such Node', async () => {
    const start = startTrainer(request, { entry: 'x.mjs', node: '/nowhere/node' });
    await expect(start).rejects.toMatchObject({ code: 'TRAINER_START' });
  });
});

describe('a trainer that goes', () => {
  it('fails what is pending, with how it ended and its last words', async () => {
    const entry = await childOf(`
      say(hello);
      onLine(() => console.error('out of memory') ?? setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50));`);
    const trainer = await startTrainer(request, { entry });
    expect(await heard(trainer)).toMatchObject([
      {
        type: 'failed',
        kind: 'work',
        code: 'TRAINER_DIED',
        message: expect.stringMatching(
          /by SIGKILL before it was done; systems do so where their memory is full: .*batchSize.*out of memory/,
        ) as string,
      },
    ]);
    expect(await trainer.exited).toEqual({ code: null, signal: 'SIGKILL' });
    expect(trainer.log()).toBe('out of memory\n');
  });
});

describe.skipIf(process.platform === 'win32')('stopping', () => {
  it('asks first', async () => {
    const entry = await childOf(`say(hello); onLine(({ type }) => type === 'stop' && process.exit(130));`);
    const trainer = await startTrainer(request, { entry });
    expect(await trainer.stop()).toEqual({ code: 130, signal: null });
  });

  it('sends SIGTERM after the grace period', async () => {
    const entry = await childOf(
      `say(hello); onLine(() => {}); process.on('SIGTERM', () => process.exit(7));`,
    );
    const trainer = await startTrainer(request, { entry, graceMs: 100 });
    expect(await trainer.stop()).toEqual({ code: 7, signal: null });
  });

  it('ends the whole tree, children that will not listen too', async () => {
    const entry = await childOf(`
      const stubborn = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
      const grandchild = spawn(process.execPath, ['-e', stubborn], { stdio: 'ignore' });
      process.on('SIGTERM', () => {});
      say(hello);
      onLine(() => say({ type: 'run', folder: String(grandchild.pid) }));`);
    const trainer = await startTrainer(request, { entry, graceMs: 100 });
    const folder = await new Promise<string>((resolve) =>
      trainer.onMessage((message) => message.type === 'run' && resolve(message.folder)),
    );
    expect(lives(Number(folder))).toBe(true);
    expect((await trainer.stop()).signal).toBe('SIGKILL');
    await expect.poll(() => isGone(Number(folder))).toBe(true);
  });
});
