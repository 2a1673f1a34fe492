import { describe, expect, it } from 'vitest';
import type { Edit } from '../../../src/protocol/editor';
import { applyChange, changeOf } from '../../../src/protocol/modelChange';
import { EditorHost } from '../../webview/support/editorHost';
import { longNet, residualNet } from '../../webview/support/models';

function changed(host: EditorHost, edit: Edit) {
  const before = host.model();
  const [answer] = host.answer({ type: 'edit', edit });
  if (answer?.type === 'refused') throw new Error(answer.message);
  const after = host.model();
  return { before, after, change: changeOf(before, after) };
}

const freeze = (regex: string): Edit => ({ type: 'freeze', rules: [{ match: { regex } }] });

describe('a change of a model', () => {
  it('holds the layers that say something else, and nothing of the others', () => {
    const host = new EditorHost(residualNet());
    const rename: Edit = { type: 'operate', operation: { op: 'rename', layer: 'conv1_conv', to: 'stem' } };
    const { before, after, change } = changed(host, rename);
    expect(change.changed.map(({ name }) => name)).toEqual(['stem']);
    expect(change.order).toBeUndefined();
    expect(applyChange(before, structuredClone(change))).toEqual(after);
  });

  it('says of layers that are frozen, or no longer, only where they stand', () => {
    const host = new EditorHost(longNet(500));
    const frozen = changed(host, freeze('.'));
    expect(frozen.change.changed).toEqual([]);
    expect(frozen.change.frozen).toEqual(frozen.before.layers.map((_, place) => place));
    expect(applyChange(frozen.before, structuredClone(frozen.change))).toEqual(frozen.after);
    const { before, after, change } = changed(host, {
      type: 'freeze',
      rules: [{ match: { names: ['block7_conv'] }, trainable: true }],
    });
    expect(change.changed).toEqual([]);
    expect(change.frozen).toBeUndefined();
    expect(change.unfrozen?.map((place) => after.layers[place]?.name)).toEqual(['block7_conv']);
    const shown = applyChange(before, change);
    expect(shown).toEqual(after);
    expect(shown.layers.filter((layer, place) => layer !== before.layers[place])).toHaveLength(1);
  });

  it('names all in their order where layers come or go', () => {
    const host = new EditorHost(residualNet());
    const cut: Edit = { type: 'operate', operation: { op: 'cut', after: 'conv1_relu' } };
    const { before, after, change } = changed(host, cut);
    expect(change.order).toEqual(after.layers.map(({ id }) => id));
    // The new end of the model.
    expect(change.changed.map(({ name }) => name)).toEqual(['conv1_relu']);
    const shown = applyChange(before, change);
    expect(shown).toEqual(after);
    const append: Edit = {
      type: 'operate',
      operation: { op: 'append', after: 'conv1_relu', layers: [{ kind: 'Flatten', name: 'flat' }] },
    };
    const next = changed(host, append);
    expect(next.change.changed.map(({ name }) => name)).toEqual(['conv1_relu', 'flat']);
    expect(applyChange(shown, next.change)).toEqual(next.after);
  });

  it('finds layers whose shapes and faults follow from an edit elsewhere', () => {
    const host = new EditorHost(residualNet([1]));
    const configure: Edit = {
      type: 'operate',
      operation: { op: 'configure', layer: 'conv1_conv', config: { strides: [2, 2] } },
    };
    const { before, after, change } = changed(host, configure);
    expect(change.changed.length).toBeGreaterThan(5);
    expect(applyChange(before, change)).toEqual(after);
  });
});
