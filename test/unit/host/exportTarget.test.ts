import { describe, expect, it } from 'vitest';
import { formatNamed } from '../../../src/formats/registry';
import { suggestedName, targetOf } from '../../../src/host/exportTarget';

const h5 = formatNamed('h5');
const tfjs = formatNamed('tfjs');

describe('where an export goes', () => {
  it('begins with a name beside the model’s own', () => {
    expect(suggestedName('/m/net.h5', h5)).toBe('net-new.h5');
    expect(suggestedName('/m/net.h5', formatNamed('python'))).toBe('net-new.py');
    expect(suggestedName('/m/net/model.json', tfjs)).toBe('net-tfjs');
  });

  it.each([
    ['/m/new.h5', { path: '/m/new.h5', confirmed: true }],
    ['/m/new.HDF5', { path: '/m/new.HDF5', confirmed: true }],
    ['/m/new', { path: '/m/new.h5', confirmed: false }],
    ['/m/new.v2', { path: '/m/new.v2.h5', confirmed: false }],
  ])('gives the name %s its extension, which the dialog has not seen then', (chosen, target) => {
    expect(targetOf(chosen, h5)).toEqual(target);
  });

  it('takes the model.json in a TensorFlow.js folder for the folder', () => {
    expect(targetOf('/m/new-tfjs', tfjs)).toEqual({ path: '/m/new-tfjs', confirmed: false });
    expect(targetOf('/m/old-tfjs/model.json', tfjs)).toEqual({ path: '/m/old-tfjs', confirmed: true });
  });
});
