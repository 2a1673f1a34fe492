import { describe, expect, test } from 'vitest';
import type { LayerGraph } from '../../../../src/core/graph/layerGraph';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { outlineOf } from '../../../../webview/editor/outline/outline';
import type { Box, Item, Outline } from '../../../../webview/editor/outline/outline';
import { firstOpenness, sceneOf } from '../../../../webview/editor/outline/scene';
import { ARCHITECTURES, architecture } from '../../../support/architectures';
import { EditorHost } from '../../../webview/support/editorHost';
import {
  inceptionNet,
  longNet,
  residualNet,
  stateDict,
  uNet,
  variedNet,
} from '../../../webview/support/models';
import { GraphBuilder } from '../../support/graphs';
import { growth, LINEAR } from '../support/countReads';

const modelOf = (graph: LayerGraph, weightsOnly = false) =>
  new EditorHost(graph, 'model.h5', 'Keras HDF5', weightsOnly).model();

const boxesIn = (items: readonly Item[]) => items.filter((item): item is Box => typeof item !== 'string');
const boxesOf = ({ boxes }: Outline) => [...boxes.values()];

/** Whether a scene's cards can be put in an order in which each reads earlier ones alone. */
function hasCycle(count: number, edges: readonly { readonly from: number; readonly to: number }[]): boolean {
  const waiting = new Array<number>(count).fill(0);
  for (const { to } of edges) waiting[to]! += 1;
  const ready = waiting.flatMap((reads, node) => (reads === 0 ? [node] : []));
  for (let at = 0; at < ready.length; at++) {
    for (const { from, to } of edges) if (from === ready[at] && --waiting[to]! === 0) ready.push(to);
  }
  return ready.length < count;
}

const graphOf = (name: string) => (name === 'U-Net' ? uNet() : architecture(name));

describe.each([...ARCHITECTURES, 'U-Net'])('%s', (name) => {
  const model = modelOf(graphOf(name));
  const outline = outlineOf(model);
  const index = indexModel(model);

  test('has each layer once', () => {
    const flatten = (items: readonly Item[]): string[] =>
      items.flatMap((item) => (typeof item === 'string' ? [item] : flatten(item.items)));
    expect(flatten(outline.items).sort()).toEqual(model.layers.map(({ id }) => id).sort());
    for (const box of boxesOf(outline)) expect([...box.layers]).toEqual(flatten(box.items));
  });

  test('gains no cycle by any boxes that are closed', () => {
    const all = boxesOf(outline).map(({ id }) => id);
    const choices = [
      [],
      all,
      all.filter((_, place) => place % 2 === 0),
      all.filter((_, place) => place % 3 > 0),
    ];
    // Each box by itself: all else open.
    for (const box of all) choices.push(all.filter((id) => id !== box));
    for (const open of choices) {
      const { nodes, edges } = sceneOf(outline, new Set(open), index);
      expect(hasCycle(nodes.length, edges)).toBe(false);
    }
  });

  test('is the same for the same model', () => {
    const again = modelOf(graphOf(name));
    expect(outlineOf(again)).toEqual(outline);
  });

  test('draws every line once, from closed boxes too', () => {
    const { edges, nodes, shownBy } = sceneOf(outline, new Set(), index);
    const wanted = new Set(
      index.edges.flatMap(({ source, target }) => {
        const [from, to] = [shownBy.get(source), shownBy.get(target)];
        return from === to ? [] : [`${from} ${to}`];
      }),
    );
    expect(new Set(edges.map(({ from, to }) => `${from} ${to}`))).toEqual(wanted);
    expect(edges).toHaveLength(wanted.size);
    expect(nodes.length).toBeLessThan(20);
  });
});

describe('ResNet50', () => {
  const outline = outlineOf(modelOf(architecture('ResNet50')));

  test('is its stages', () => {
    expect(boxesIn(outline.items).map(({ title, note }) => `${title} · ${note}`)).toEqual([
      'Stage 2 · 32×32',
      'Stage 3 · 16×16 · 3 blocks',
      'Stage 4 · 8×8 · 4 blocks',
      'Stage 5 · 4×4 · 6 blocks',
      'Stage 6 · 2×2 · 3 blocks',
    ]);
  });

  test('draws equal blocks once, with how many there are', () => {
    const stage = boxesIn(outline.items)[2];
    expect(boxesIn(stage?.items ?? []).map(({ role, title, count }) => ({ role, title, count }))).toEqual([
      { role: 'block', title: 'conv3_block1', count: 1 },
      { role: 'repeat', title: 'conv3_block2–4', count: 3 },
    ]);
  });
});

test("InceptionV3's modules are segments between the tensors that every path goes through", () => {
  const outline = outlineOf(modelOf(architecture('InceptionV3')));
  const titles = boxesOf(outline)
    .filter(({ role }) => role === 'block')
    .map(({ title }) => title)
    // The strided half of a module is in the stage after the other.
    .filter((title) => title.startsWith('mixed'));
  expect(titles).toEqual([
    'mixed0',
    'mixed1',
    'mixed2',
    'mixed3',
    'mixed4',
    'mixed5',
    'mixed6',
    'mixed7',
    'mixed8',
    'mixed9',
    'mixed10',
  ]);
});

test('a nested model is a box by its own name, with its stages inside', () => {
  const [group, ...others] = boxesIn(outlineOf(modelOf(architecture('NestedMobileNet'))).items);
  expect(others).toEqual([]);
  expect(group).toMatchObject({ role: 'group', title: 'mobilenet_0.25_64' });
  expect(new Set(boxesIn(group?.items ?? []).map(({ role }) => role))).toEqual(new Set(['stage']));
});

test('names do not matter for what repeats, nor where there are none to go by', () => {
  const build = new GraphBuilder('nameless');
  let x = build.input([null, 32, 32, 8], 'images');
  for (let block = 0; block < 4; block++) {
    const config = { filters: 8, kernel_size: 3, padding: 'same' };
    const y = build.add('ReLU', build.add({ kind: 'Conv2D', config }, x));
    x = build.add('ReLU', build.add('Add', build.add({ kind: 'Conv2D', config }, y), x));
  }
  const outline = outlineOf(modelOf(build.outputs(x)));
  expect(
    boxesIn(outline.items).map(({ role, count, layers }) => ({ role, count, layers: layers.length })),
  ).toEqual([{ role: 'repeat', count: 4, layers: 20 }]);
});

test('groups that are left and entered again are several boxes', () => {
  const build = new GraphBuilder('tangled');
  const x = build.input([null, 8], 'x');
  const a = build.add({ kind: 'Dense', config: { units: 8 }, group: ['a'] }, x);
  const b = build.add({ kind: 'Dense', config: { units: 8 }, group: ['b'] }, a);
  const back = build.add({ kind: 'Dense', config: { units: 8 }, group: ['a'] }, b);
  const end = build.add({ kind: 'Dense', config: { units: 8 }, group: ['b'] }, back);
  const model = modelOf(build.outputs(end));
  const outline = outlineOf(model);
  const { nodes, edges } = sceneOf(outline, new Set(), indexModel(model));
  expect(hasCycle(nodes.length, edges)).toBe(false);
  expect(boxesIn(outline.items).map(({ title }) => title)).toEqual(['a', 'b', 'a', 'b']);
  expect(new Set(outline.boxes.keys()).size).toBe(4);
});

test('a file of weights alone has no boxes', () => {
  expect(outlineOf(modelOf(stateDict(), true)).boxes.size).toBe(0);
});

test('box ids are unique and no layer is called so', () => {
  for (const graph of [residualNet([3, 4, 6, 3]), inceptionNet(6), longNet(300)]) {
    const model = modelOf(graph);
    const { boxes, items } = outlineOf(model);
    const walk = (inside: readonly Item[]): string[] =>
      boxesIn(inside).flatMap((box) => [box.id, ...walk(box.items)]);
    expect(walk(items)).toHaveLength(boxes.size);
    for (const { id } of model.layers) expect(boxes.has(id)).toBe(false);
  }
});

test('a first look opens a lone box, unless it holds more blocks than anybody looks through', () => {
  const [some, many] = [longNet(300), longNet(10_000)].map((graph) => {
    const model = modelOf(graph);
    const openness = firstOpenness(outlineOf(model), model.layers.length);
    return sceneOf(outlineOf(model), openness, indexModel(model)).nodes.length;
  });
  expect(some).toBe(61);
  expect(many).toBe(2);
});

test.each([
  ['equal blocks', longNet],
  ['blocks that differ', variedNet],
])('the work of an outline of %s grows with the model', (_, net) => {
  expect(growth((layers) => modelOf(net(layers)), 1000, outlineOf)).toBeLessThan(LINEAR);
});

test('a model whose blocks differ opens with dozens of boxes in sight', () => {
  const model = modelOf(variedNet(2000));
  const outline = outlineOf(model);
  const scene = sceneOf(outline, firstOpenness(outline, model.layers.length), indexModel(model));
  expect(scene.nodes.length).toBeGreaterThan(40);
  expect(scene.nodes.length).toBeLessThan(100);
});
