import { describe, expect, it } from 'vitest';
import { writableFormats } from '../../../src/formats/registry';
import { exportChoices, extensionsOf } from '../../../src/host/exportChoices';

describe('the formats to export to', () => {
  it('are all that can be written, each once and with what it is for', () => {
    const choices = exportChoices(writableFormats(), false);
    expect(choices.map(({ format }) => format.name).sort()).toEqual(
      writableFormats()
        .map(({ name }) => name)
        .sort(),
    );
    expect(choices[0]?.label).toBe('Keras HDF5');
    expect(choices.at(-1)?.format.name).toBe('python');
    for (const { detail, description } of choices) expect(`${detail}${description}`).not.toBe('');
  });

  it('have a script that trains only where there is a plan', () => {
    const trains = (hasPlan: boolean) =>
      exportChoices(writableFormats(), hasPlan)
        .filter(({ withPlan }) => withPlan)
        .map(({ label }) => label);
    expect(trains(false)).toEqual([]);
    expect(trains(true)).toEqual(['Python script with training']);
  });

  it('are files with extensions, but for the folder of TensorFlow.js', () => {
    for (const format of writableFormats()) {
      expect(extensionsOf(format).length > 0).toBe(format.name !== 'tfjs');
      for (const extension of extensionsOf(format)) expect(extension).toMatch(/^[a-z0-9]+$/);
    }
  });
});
