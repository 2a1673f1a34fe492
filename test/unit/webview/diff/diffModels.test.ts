import { expect, test } from 'vitest';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import type { Edit, ModelView } from '../../../../src/protocol/editor';
import { compare } from '../../../../webview/editor/diff/compare';
import { nextChange, shownChanges, shownOf, SHOWN_FIRST } from '../../../../webview/editor/diff/comparison';
import { linesOf } from '../../../../webview/editor/diff/decorate';
import { diffModels } from '../../../../webview/editor/diff/diffModels';
import { lineKey, unionModel } from '../../../../webview/editor/diff/unionModel';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { outlineOf } from '../../../../webview/editor/outline/outline';
import { sceneOf } from '../../../../webview/editor/outline/scene';
import type { Drawn } from '../../../../webview/editor/state/editorState';
import { wire } from '../../../../webview/editor/outline/wiring';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

/** As the page has them: from two messages, so no object is shared. */
function edited(edits: readonly Edit[], graph = residualNet([1, 1])): { base: ModelView; after: ModelView } {
  const host = new EditorHost(graph);
  const base = structuredClone(host.model(EMPTY_RECIPE));
  for (const edit of edits) {
    const [answer] = host.answer({ type: 'edit', edit });
    expect(answer?.type).not.toBe('refused');
  }
  return { base, after: structuredClone(host.model()) };
}

const CUT: Edit = { type: 'operate', operation: { op: 'cut', after: 'conv3_block1_out' } };
const APPEND: Edit = {
  type: 'operate',
  operation: {
    op: 'append',
    after: 'conv3_block1_out',
    layers: [
      { kind: 'GlobalAveragePooling2D', name: 'gap' },
      { kind: 'Dense', name: 'head', config: { units: 3 } },
    ],
  },
};
const FREEZE: Edit = { type: 'freeze', rules: [{ match: { regex: '^conv1' } }] };

test('nothing has changed before the first edit', () => {
  const { base, after } = edited([]);
  expect(diffModels(base, after).layers.size).toBe(0);
});

test('tells layers that were added, removed, changed and frozen', () => {
  const { base, after } = edited([
    CUT,
    APPEND,
    FREEZE,
    { type: 'operate', operation: { op: 'rename', layer: 'conv1_relu', to: 'stem_relu' } },
  ]);
  const { layers, counts } = diffModels(base, after);
  expect(layers.get('id:avg_pool')).toEqual({ status: 'removed', lines: ['Removed'] });
  expect(layers.get('id:conv1_relu')).toMatchObject({
    status: 'changed',
    lines: ['Name: conv1_relu → stem_relu'],
  });
  expect(layers.get('id:conv1_conv')).toEqual({ status: 'frozen', lines: ['Frozen'] });
  const added = after.layers.filter(({ grafted }) => grafted);
  expect(added.map(({ id }) => layers.get(id)?.status)).toEqual(['added', 'added']);
  expect(counts).toEqual({ added: 2, removed: 2, changed: 1, frozen: 2 });
});

test('says settings, shapes and weights that start anew', () => {
  const { base, after } = edited([
    { type: 'operate', operation: { op: 'configure', layer: 'predictions', config: { units: 5 } } },
    { type: 'operate', operation: { op: 'reinitialize', layers: ['conv1_conv'] } },
  ]);
  const { layers } = diffModels(base, after);
  const lines = layers.get('id:predictions')?.lines ?? [];
  expect(lines).toContain('units: 10 → 5');
  expect(lines).toContain('Output: (None, 10) → (None, 5)');
  expect(lines.some((line) => /kernel.*: 32×10 → 32×5/.test(line))).toBe(true);
  expect(layers.get('id:conv1_conv')?.lines.join()).toMatch(/kernel.* starts anew/);
  expect(layers.size).toBe(2);
});

test('says which layer ends the model now', () => {
  const { base, after } = edited([CUT]);
  expect(diffModels(base, after).layers.get('id:conv3_block1_out')).toEqual({
    status: 'changed',
    lines: ['Is an output of the model now'],
  });
});

test('says what a layer reads now', () => {
  const { base, after } = edited([{ type: 'operate', operation: { op: 'remove', layers: ['conv1_bn'] } }]);
  expect(diffModels(base, after).layers.get('id:conv1_relu')).toEqual({
    status: 'changed',
    lines: ['Reads: conv1_bn → conv1_conv'],
  });
});

test('names of layers that are read are those of now, however often it is compared', () => {
  const removed: Edit = { type: 'operate', operation: { op: 'remove', layers: ['conv1_bn'] } };
  const { base, after } = edited([removed]);
  diffModels(base, after);
  const layers = after.layers.map((layer) =>
    layer.name === 'conv1_conv' ? { ...layer, name: 'stem' } : layer,
  );
  const { lines } = diffModels(base, { ...after, layers }).layers.get('id:conv1_relu')!;
  expect(lines).toEqual(['Reads: conv1_bn → stem']);
});

test('tells weights that a warm start took over, which no view shows', () => {
  const { base, after } = edited([]);
  const matched = ['kernel', 'bias'].map((weight) => ({
    layer: 'predictions',
    weight,
    from: `logits/${weight}`,
  }));
  const warm = { operation: 0, from: 'donor.h5', matched, unmatched: [], unused: [] };
  const { layers, counts } = diffModels(base, { ...after, warmStarts: [warm] });
  expect(counts.changed).toBe(1);
  expect(layers.get('id:predictions')?.lines).toEqual(['2 weights taken from another file']);
});

test('puts removed layers back where they were, with their lines, and every layer once', () => {
  const { base, after } = edited([
    { type: 'operate', operation: { op: 'remove', layers: ['conv1_bn', 'conv1_relu'] } },
    CUT,
    APPEND,
  ]);
  const { model, lines } = unionModel(base, after);
  const names = model.layers.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.slice(0, 4)).toEqual(['images', 'conv1_conv', 'conv1_bn', 'conv1_relu']);
  expect(names.length).toBe(base.layers.length + 2);
  expect(lines.get(lineKey('id:conv1_bn', 'id:conv1_relu'))).toBe('removed');
  const reader = after.layers.find(({ inputs }) => inputs.includes('id:conv1_conv'))!;
  expect(lines.get(lineKey('id:conv1_conv', reader.id))).toBe('added');
  // A layer comes after what it reads: nothing is drawn upwards.
  expect(wire(model.layers).order).toHaveLength(names.length);
  const place = new Map(model.layers.map(({ id }, at) => [id, at]));
  for (const { id, inputs } of model.layers) {
    for (const input of inputs) expect(place.get(input)!).toBeLessThan(place.get(id)!);
  }
});

test('what is not shown is neither coloured nor drawn, and freezing waits to be asked for', () => {
  const { base, after } = edited([CUT, APPEND, FREEZE]);
  const first = compare(base, after, SHOWN_FIRST);
  expect(shownChanges(first).map((id) => first.diff.layers.get(id)?.status)).not.toContain('frozen');
  expect(first.model.layers).toHaveLength(after.layers.length + 2);
  const frozen = compare(base, after, new Set(['frozen']));
  expect(frozen.model.layers).toHaveLength(after.layers.length);
  expect(shownChanges(frozen)).toEqual(['id:conv1_conv', 'id:conv1_bn']);
});

test('goes from change to change, around at the ends, and on from where one is', () => {
  const { base, after } = edited([FREEZE, CUT]);
  const comparison = compare(base, after, new Set(['frozen', 'removed']));
  const changes = shownChanges(comparison);
  expect(changes).toEqual(['id:conv1_conv', 'id:conv1_bn', 'id:avg_pool', 'id:predictions']);
  expect(nextChange(comparison, null, 1)).toBe(changes[0]);
  expect(nextChange(comparison, 'id:conv1_bn', 1)).toBe('id:avg_pool');
  expect(nextChange(comparison, 'id:predictions', 1)).toBe(changes[0]);
  expect(nextChange(comparison, 'id:conv1_relu', 1)).toBe('id:avg_pool');
  expect(nextChange(comparison, 'id:conv1_relu', -1)).toBe('id:conv1_bn');
  expect(nextChange(comparison, changes[0]!, -1)).toBe('id:predictions');
});

test('a closed box says how its layers changed, and its lines are gone where all of them are', () => {
  const { base, after } = edited([CUT], residualNet([3, 3, 3]));
  const comparison = compare(base, after, SHOWN_FIRST);
  const outline = outlineOf(comparison.model);
  const openness = new Set<string>();
  const scene = sceneOf(outline, openness, indexModel(comparison.model));
  const drawn: Drawn = {
    model: comparison.model,
    scene,
    layout: null as never,
    openness,
    direction: 'down',
  };
  const removed = new Set(
    base.layers.filter(({ id }) => !after.layers.some((layer) => layer.id === id)).map(({ id }) => id),
  );
  for (const node of scene.nodes) {
    const inside = (node.box?.layers ?? [node.id]).filter((id) => removed.has(id)).length;
    const found = shownOf(comparison, node);
    if (inside === 0) expect(found?.status).not.toBe('removed');
    else if (inside === (node.box?.layers.length ?? 1)) expect(found?.status).toBe('removed');
    else expect(found).toMatchObject({ status: 'changed' });
  }
  expect([...linesOf(drawn, comparison.lines).values()]).toContain('removed');
});
