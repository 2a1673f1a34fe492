import { describe, expect, test } from 'vitest';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { placeOf, whyNot } from '../../../../webview/editor/state/actions';
import { allAfter, allBefore, endsOf, rangeBetween, startsOf } from '../../../../webview/editor/state/range';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const index = indexModel(new EditorHost(residualNet([1, 1])).model());
const id = (name: string) => index.byName.get(name)?.id ?? name;
const names = (ids: Iterable<string>) => [...ids].map((one) => index.byId.get(one)?.name);
const set = (...layers: string[]) => new Set(layers.map(id));

describe('a range', () => {
  test('is all on the ways between two layers, whichever comes first', () => {
    const block = [
      'conv1_relu',
      'conv2_block1_0_conv',
      'conv2_block1_0_bn',
      'conv2_block1_1_conv',
      'conv2_block1_1_bn',
      'conv2_block1_1_relu',
      'conv2_block1_2_conv',
      'conv2_block1_2_bn',
      'conv2_block1_add',
    ];
    expect(names(rangeBetween(index, id('conv1_relu'), id('conv2_block1_add'))).sort()).toEqual(block.sort());
    expect(rangeBetween(index, id('conv2_block1_add'), id('conv1_relu'))).toEqual(
      rangeBetween(index, id('conv1_relu'), id('conv2_block1_add')),
    );
  });

  test('is what stands between them in the graph where no way joins them', () => {
    expect(names(rangeBetween(index, id('conv2_block1_0_bn'), id('conv2_block1_1_bn')))).toEqual([
      'conv2_block1_0_bn',
      'conv2_block1_1_conv',
      'conv2_block1_1_bn',
    ]);
  });

  test('of one layer is that layer', () => {
    expect(names(rangeBetween(index, id('conv1_bn'), id('conv1_bn')))).toEqual(['conv1_bn']);
  });
});

test('all before and all after hold the selected ones', () => {
  expect(names(allBefore(index, set('conv1_bn')))).toEqual(['images', 'conv1_conv', 'conv1_bn']);
  expect(names(allAfter(index, set('avg_pool')))).toEqual(['avg_pool', 'predictions']);
});

test('a block begins and ends in places; "here" is the one of them, or says why there is none', () => {
  const block = new Set(rangeBetween(index, id('conv2_block1_1_conv'), id('conv2_block1_2_bn')));
  expect(names(startsOf(index, block))).toEqual(['conv2_block1_1_conv']);
  expect(names(endsOf(index, block))).toEqual(['conv2_block1_2_bn']);
  expect(placeOf('freezeUpTo', index, block)).toBe(index.byName.get('conv2_block1_2_bn'));
  expect(placeOf('freezeFrom', index, block)).toBe(index.byName.get('conv2_block1_1_conv'));
  expect(whyNot('cutHere', index, set('conv1_conv', 'avg_pool'))).toBe(
    'The selected layers end in more than one place: select one layer only',
  );
  expect(whyNot('freezeFrom', index, new Set())).toBe('Select a layer first');
});
