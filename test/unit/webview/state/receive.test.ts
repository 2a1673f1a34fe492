import { expect, test } from 'vitest';
import { EDITOR_PROTOCOL } from '../../../../src/protocol/editor';
import type { Edit } from '../../../../src/protocol/editor';
import { graftPlace, whyNot } from '../../../../webview/editor/state/actions';
import { outlineOf } from '../../../../webview/editor/outline/outline';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { initialState } from '../../../../webview/editor/state/editorState';
import { receive } from '../../../../webview/editor/state/receive';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

function modelOf(host: EditorHost) {
  return { type: 'model', protocol: EDITOR_PROTOCOL, model: structuredClone(host.model()) } as const;
}

const freezing: Edit = { type: 'freeze', rules: [{ match: { names: ['conv1_conv'] } }] };

test('layers that an edit leaves alone stay the same objects, and so do boxes and lines', () => {
  const host = new EditorHost(residualNet([1]));
  const empty = initialState({});
  const [first] = structuredClone(host.answer({ type: 'ready', protocol: EDITOR_PROTOCOL }));
  const before = { ...empty, ...receive(empty, first as Extract<typeof first, { type: 'model' }>) };
  const index = indexModel(before.model!);
  const outline = outlineOf(before.model!);
  const [second] = structuredClone(host.answer({ type: 'edit', edit: freezing }));
  const { model: after } = receive(before, second as Extract<typeof second, { type: 'modelChange' }>);
  const changed = after!.layers.filter((layer) => !before.model!.layers.includes(layer));
  expect(changed.map(({ name }) => name)).toEqual(['conv1_conv']);
  expect(indexModel(after!).edges).toBe(index.edges);
  expect(indexModel(after!).byId.get('id:conv1_conv')?.trainable).toBe(false);
  expect(outlineOf(after!)).toBe(outline);
  expect(after).toEqual(host.model());
});

test('a change of a model that is not there is passed over', () => {
  const host = new EditorHost(residualNet([1]));
  host.answer({ type: 'ready', protocol: EDITOR_PROTOCOL });
  const [change] = host.answer({ type: 'edit', edit: freezing });
  expect(change?.type).toBe('modelChange');
  expect(receive(initialState({}), change as Extract<typeof change, { type: 'modelChange' }>)).toEqual({});
});

test('the selection keeps the layers that are still there', () => {
  const host = new EditorHost(residualNet([1]));
  const empty = initialState({});
  const before = {
    ...empty,
    ...receive(empty, modelOf(host)),
    selection: new Set(['id:conv1_bn', 'id:avg_pool']),
    anchor: 'id:avg_pool',
  };
  host.answer({ type: 'edit', edit: { type: 'operate', operation: { op: 'cut', after: 'conv1_relu' } } });
  const after = receive(before, modelOf(host));
  expect(after.selection).toEqual(new Set(['id:conv1_bn']));
  expect(after.anchor).toBeNull();
});

test('actions say why they cannot be done', () => {
  const index = indexModel(new EditorHost(residualNet([1])).model());
  const reasons = (...names: readonly string[]) => {
    const selection = new Set(names.map((name) => `id:${name}`));
    return (['cutHere', 'remove', 'graftHead', 'freeze', 'unfreeze', 'freezeUpTo'] as const).filter(
      (action) => whyNot(action, index, selection) === undefined,
    );
  };
  expect(reasons()).toEqual(['graftHead']);
  expect(reasons('conv1_bn')).toEqual(['cutHere', 'remove', 'graftHead', 'freeze', 'freezeUpTo']);
  expect(reasons('predictions')).toEqual(['remove', 'graftHead', 'freeze', 'freezeUpTo']);
  expect(reasons('images', 'conv1_bn')).toEqual(['freeze']);
});

test('a head goes where the backbone ends, unless a layer is selected', () => {
  const index = indexModel(new EditorHost(residualNet([1])).model());
  expect(graftPlace(index, new Set())).toMatchObject({ name: 'conv2_block1_out' });
  expect(graftPlace(index, new Set(['id:avg_pool']))).toMatchObject({ name: 'avg_pool' });
  expect(graftPlace(index, new Set(['id:avg_pool', 'id:images']))).toBe('Select one layer only');
});
