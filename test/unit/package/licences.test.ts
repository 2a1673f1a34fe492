import { describe, expect, it } from 'vitest';
import { ALLOWED, identifiersOf } from '../../../scripts/packaging/licences.mjs';
import { shippedPackages } from '../../../scripts/packaging/notices.mjs';
import { targetHere, UNIVERSAL } from '../../../scripts/packaging/targets.mjs';

describe.each([...new Set([UNIVERSAL, targetHere()])])('what %s ships of others', (target) => {
  it('is under licences that allow it, with their texts', async () => {
    const packages = await shippedPackages(target);
    const names = packages.map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['@tensorflow/tfjs-core', 'h5wasm', 'react', 'sharp', 'zod']),
    );
    for (const { name, licence, text } of packages) {
      for (const id of identifiersOf(licence)) expect(ALLOWED, name).toContain(id);
      expect(text.length, name).toBeGreaterThan(400);
      // The BSD's and the MIT's conditions ask for the notice of whose it is.
      if (/MIT|BSD|ISC/.test(licence)) expect(text, name).toMatch(/copyright/i);
      if (licence.includes('LGPL')) {
        expect(text, name).toContain('GNU LESSER GENERAL PUBLIC LICENSE');
        expect(text, name).toMatch(/libvips\s+\| LGPLv3/);
      }
    }
  });
});
