import { rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openModel } from '../../src/formats/registry';
import { openEngine } from '../../src/trainer/engines/engine';
import type { ZooEntry } from '../../src/zoo/architecture';
import { zooEntries } from '../../src/zoo/registry';
import { repository, servePython, type PythonServer } from '../support/python';
import { agreement, zooParityFolder } from '../support/zooAnswers';
import { keepProof, LEAST_SPREAD, ZOO_TOLERANCE } from '../support/zooProof';
import { structureHash } from '../support/zooStructures';
import { trialsOf } from '../support/zooTrials';

const SCRIPTS = { keras: 'zoo.py', torchvision: 'zoo_torchvision.py' } as const;

interface Answer {
  readonly parameters: number;
  readonly framework: string;
}

/** Every entry of the zoo, one after the other: takes minutes, and of the largest some gigabytes. */
describe('every entry of the zoo is what its framework has', () => {
  let folder: string;
  const servers = new Map<ZooEntry['source'], PythonServer>();
  const ask = async (source: ZooEntry['source'], question: unknown): Promise<Answer> => {
    const script = path.join(repository, 'test/parity', SCRIPTS[source]);
    const server = servers.get(source) ?? servePython(script, ['serve', folder]);
    servers.set(source, server);
    return (await server.ask(question)) as Answer;
  };
  const discard = () => rm(folder, { recursive: true, force: true });

  beforeAll(async () => {
    await openEngine('wasm');
    folder = await zooParityFolder('zoo-proof');
  });
  afterAll(async () => {
    for (const server of servers.values()) server.close();
    await discard();
  });

  test.each(zooEntries().map((entry) => [entry.name, entry] as const))('%s', async (name, entry) => {
    const start = performance.now();
    const found: (Awaited<ReturnType<typeof agreement>> & { readonly what: string })[] = [];
    let framework = '';
    for (const { question, weights, checks } of trialsOf(entry, folder)) {
      await zooParityFolder('zoo-proof');
      const told = await ask(entry.source, question);
      framework = told.framework;
      const file = await openModel(weights);
      for (const { options, told: files } of checks) {
        const one = await agreement(entry, options, file, files);
        const { includeTop = true, inputSize } = options;
        found.push({ ...one, what: `${inputSize.join('×')}${includeTop ? '' : ' without top'}` });
        // A state dict is of the whole, whatever is taken of it.
        if (includeTop || entry.source === 'keras') expect(one.parameters).toBe(told.parameters);
        if (includeTop) expect(one.parameters).toBe(entry.parameters);
      }
      await discard();
    }
    const difference = Math.max(...found.map((one) => one.difference));
    const spread = Math.min(...found.map((one) => one.spread));
    await keepProof(name, {
      ...{ framework, parameters: entry.parameters, structure: structureHash(entry.build()), engine: 'wasm' },
      compared: found.map(({ what }) => what).join(', '),
      difference: Number(difference.toPrecision(2)),
      spread: Number(spread.toPrecision(2)),
      seconds: Math.round((performance.now() - start) / 1000),
    });
    expect(difference).toBeLessThan(ZOO_TOLERANCE);
    expect(spread).toBeGreaterThan(LEAST_SPREAD);
  });
});
