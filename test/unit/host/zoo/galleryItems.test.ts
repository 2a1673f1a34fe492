import { describe, expect, it } from 'vitest';
import { galleryItems, PARTS, progressText, weightsChoices } from '../../../../src/host/zoo/galleryItems';
import { rowOf } from '../../../../src/zoo/describe';
import { zooEntries, zooEntry } from '../../../../src/zoo/registry';
import { checkWish } from '../../../../src/zoo/zooModel';

const rows = zooEntries().map((entry) => rowOf(entry, new Set(['VGG16'])));

describe('the gallery', () => {
  const items = galleryItems(rows);

  it('has every architecture once, below its family', () => {
    const names = items.flatMap((item) => ('name' in item ? [item.name] : []));
    expect(names.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
    const families = items.flatMap((item) => ('family' in item ? [item.family] : []));
    expect(families).toEqual([...new Set(families)]);
    expect(items[0]).toEqual({ family: rows[0]?.family });
  });

  it('says of each what there is to choose by', () => {
    const find = (name: string) => items.find((item) => 'name' in item && item.name === name);
    expect(find('VGG16')).toMatchObject({
      label: '$(pass-filled) VGG16',
      description: expect.stringMatching(/^138\.4 M parameters · 527\.\d\d MB · top-1 \d\d\.\d %$/),
      detail: expect.stringMatching(/^224×224 · takes BGR less the mean.* \(caffe\) · .* · downloaded$/),
    });
    expect(find('EfficientNetB0')).toMatchObject({
      label: '$(cloud-download) EfficientNetB0',
      detail: expect.stringMatching(/^224×224 · takes pixels from 0 to 255 · [^·]+$/),
    });
  });

  // Those of a family are built alike: one of each from each framework.
  const ofFamilies = new Map(zooEntries().map((entry) => [`${entry.source} ${entry.family}`, entry]));
  it.each([...ofFamilies.values()].map((entry) => [entry.name, entry] as const))(
    'offers parts that %s has',
    (_name, entry) => {
      for (const { options } of PARTS) checkWish({ entry, options, random: true });
    },
  );

  it('says what the weights cost, and that nothing is fetched for a workspace that is not trusted', () => {
    const row = rowOf(zooEntry('VGG16'), new Set());
    const imagenet = (cached: boolean, trusted: boolean) => weightsChoices(row, cached, trusted)[0];
    expect(imagenet(false, true)?.detail).toMatch(/Downloads up to 527\.\d\d MB, once/);
    expect(imagenet(true, false)?.detail).toBe('The published weights, downloaded already.');
    expect(imagenet(false, false)).toMatchObject({
      label: '$(shield) ImageNet',
      detail: expect.stringMatching(/off until this workspace is trusted/),
    });
    expect(weightsChoices(row, false, false)[1]?.random).toBe(true);
  });

  it('says how far a download is', () => {
    expect(progressText(1024 * 1024, 4 * 1024 * 1024)).toBe('1.00 MB of 4.00 MB');
    expect(progressText(1024, undefined)).toBe('1.00 KB');
  });
});
