import { createServer, connect, type Socket } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Channel } from '../../../src/trainer/channel';
import { temporaryFolder } from '../../support/temporary';

type Message = { readonly text: string };

/** Both ends of a socket of the operating system. */
async function socketPair(): Promise<[Socket, Socket]> {
  const name =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\channel-${process.pid}-${Date.now()}`
      : path.join(await temporaryFolder(), 's');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(name, resolve));
  const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
  const pair: [Socket, Socket] = [connect(name), await accepted];
  onTestFinished(() => {
    for (const socket of pair) socket.destroy();
    server.close();
  });
  return pair;
}

const received = (channel: Channel<Message, Message>, count: number) =>
  new Promise<Message[]>((resolve) => {
    const messages: Message[] = [];
    channel.onMessage((message) => {
      messages.push(message);
      if (messages.length === count) resolve(messages);
    });
  });

describe('the channel', () => {
  it('carries messages both ways, in order', async () => {
    const [left, right] = (await socketPair()).map((socket) => new Channel<Message, Message>(socket));
    const [toRight, toLeft] = [received(right!, 2), received(left!, 1)];
    left!.send({ text: 'one\nline' });
    left!.send({ text: '🙂'.repeat(100_000) });
    right!.send({ text: 'back' });
    expect((await toRight).map(({ text }) => text.length)).toEqual([8, 200_000]);
    expect(await toLeft).toEqual([{ text: 'back' }]);
  });

  it('keeps what comes before anybody listens', async () => {
    const [socket, peer] = await socketPair();
    const channel = new Channel<Message, Message>(socket);
    const told = '{"text":"early"}\n{"text":"also early"}\n';
    peer.write(told);
    await expect.poll(() => socket.bytesRead).toBe(told.length);
    expect(await received(channel, 2)).toEqual([{ text: 'early' }, { text: 'also early' }]);
  });

  it('closes once and goes on without a peer', async () => {
    const [socket, peer] = await socketPair();
    const channel = new Channel<Message, Message>(socket);
    peer.destroy();
    expect(await channel.closed).toBeUndefined();
    for (let count = 0; count < 100; count++) channel.send({ text: 'to nobody' });
    await channel.flush();
  });

  it('survives a peer that goes while it writes', async () => {
    const [socket, peer] = await socketPair();
    const channel = new Channel<Message, Message>(socket);
    for (let count = 0; count < 200; count++) channel.send({ text: 'x'.repeat(10_000) });
    peer.destroy();
    await channel.flush();
    await channel.closed;
  });

  it.each([
    ['a line that is too long', 'x'.repeat(2000), 'a line is longer than 1000 bytes'],
    ['a line that is not JSON', 'not json\n', 'is not valid JSON'],
  ])('closes on %s', async (_, bytes, reason) => {
    const [socket, peer] = await socketPair();
    const channel = new Channel<Message, Message>(socket, 1000);
    channel.onMessage(() => undefined);
    peer.write(bytes);
    expect((await channel.closed)?.message).toContain(reason);
  });
});
