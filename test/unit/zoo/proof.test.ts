import { describe, expect, test } from 'vitest';
import { zooEntries, zooEntry } from '../../../src/zoo/registry';
import { LEAST_SPREAD, readZooProof, ZOO_TOLERANCE } from '../../support/zooProof';
import { structureHash } from '../../support/zooStructures';

const proof = await readZooProof();

/** What `npm run proof` kept holds for the zoo as it is. */
describe('what was found of the zoo beside its frameworks', () => {
  test('is of every entry', () => {
    expect(Object.keys(proof)).toEqual(zooEntries().map(({ name }) => name));
  });

  test.each(Object.entries(proof))('%s', (name, { parameters, structure, compared, difference, spread }) => {
    const entry = zooEntry(name);
    expect([parameters, structure]).toEqual([entry.parameters, structureHash(entry.build())]);
    const sizes = compared.split(', ').map((what) => what.replace(' without top', ''));
    expect(new Set(sizes).size).toBeGreaterThan(1);
    expect(difference).toBeLessThan(ZOO_TOLERANCE);
    expect(spread).toBeGreaterThan(LEAST_SPREAD);
  });
});
