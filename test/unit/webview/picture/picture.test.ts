import { expect, test } from 'vitest';
import { EMPTY_RECIPE } from '../../../../src/core/surgery/recipe';
import type { Edit, ModelView } from '../../../../src/protocol/editor';
import { compare } from '../../../../webview/editor/diff/compare';
import { SHOWN_FIRST } from '../../../../webview/editor/diff/comparison';
import { layoutNested } from '../../../../webview/editor/layout/nested';
import { indexModel } from '../../../../webview/editor/model/modelIndex';
import { outlineOf } from '../../../../webview/editor/outline/outline';
import { sceneOf } from '../../../../webview/editor/outline/scene';
import type { Openness } from '../../../../webview/editor/outline/scene';
import { drawPicture } from '../../../../webview/editor/picture/drawPicture';
import type { PictureOptions } from '../../../../webview/editor/picture/drawPicture';
import { PALETTE_NAMES } from '../../../../webview/editor/picture/palette';
import type { Palette } from '../../../../webview/editor/picture/palette';
import { whyNotPng } from '../../../../webview/editor/picture/png';
import { escapeXml } from '../../../../src/core/escapeXml';
import type { Drawn } from '../../../../webview/editor/state/editorState';
import { EditorHost } from '../../../webview/support/editorHost';
import { residualNet } from '../../../webview/support/models';

const palette = Object.fromEntries(
  PALETTE_NAMES.map((name, place) => [name, `#0000${(place + 16).toString(16)}`]),
) as Palette;
const options: PictureOptions = {
  palette,
  font: `'Segoe UI', sans-serif`,
  measure: (text, size) => text.length * size * 0.6,
};

function draw(model: ModelView, openness: Openness = 'flat'): Drawn {
  const index = indexModel(model);
  const scene = sceneOf(outlineOf(model), openness, index);
  const layout = layoutNested({
    nodes: scene.nodes.map(({ frame }) => ({ width: 224, height: 76, frame })),
    frames: scene.frames.map(({ parent }) => ({ parent })),
    edges: scene.edges,
    direction: 'down',
  });
  return { model, scene, layout, openness, direction: 'down' };
}

test('holds every drawn layer, by its name, with its kind and shape', () => {
  const model = new EditorHost(residualNet([1])).model();
  const drawn = draw(model);
  const { svg, width, height, cards } = drawPicture(drawn, options);
  expect(cards).toBe(model.layers.length);
  for (const { name } of model.layers) expect(svg).toContain(`<title>${name}</title>`);
  expect(svg).toContain('>64×64×16</text>');
  expect(svg).toContain(`width="${width}" height="${height}"`);
  expect(svg).toContain(`font-family="&#39;Segoe UI&#39;, sans-serif"`);
  expect(svg).not.toMatch(/var\(|NaN|undefined|<script|<image|href/);
  expect(svg.match(/marker-end/g)).toHaveLength(drawn.scene.edges.length);
});

test('a hostile name stays text', () => {
  const model = new EditorHost(residualNet([1])).model();
  const name = `<img onerror=alert(1)>&"'\u0000\ud800`;
  const layers = model.layers.map((layer, place) => (place === 1 ? { ...layer, name } : layer));
  const { svg } = drawPicture(draw({ ...model, name, layers }), options);
  expect(svg).not.toContain('<img');
  expect(svg).toContain('&#60;img onerror=alert(1)&#62;&#38;&#34;&#39;\ufffd\ufffd');
});

test('only characters that XML has are written', () => {
  expect(escapeXml('a\u0001b\u000b\uffff\ud83d')).toBe('a\ufffdb\ufffd\ufffd\ufffd');
  expect(escapeXml('😀 é\t\n')).toBe('😀 é\t\n');
});

test('boxes are drawn as they are open and closed', () => {
  const model = new EditorHost(residualNet([3, 3, 3])).model();
  const outline = outlineOf(model);
  const closed = drawPicture(draw(model, new Set()), options);
  const [first] = outline.boxes.values();
  const opened = drawPicture(draw(model, new Set([first!.id])), options);
  expect(closed.cards).toBeLessThan(opened.cards);
  expect(opened.svg).toContain(`>${first!.title}`);
  expect(opened.height).toBeGreaterThan(closed.height);
});

test('of a selection draws its cards alone, and no more room than they take', () => {
  const model = new EditorHost(residualNet([1])).model();
  const drawn = draw(model);
  const only = new Set(['id:conv1_conv', 'id:conv1_bn']);
  const picture = drawPicture(drawn, { ...options, only });
  expect(picture.cards).toBe(2);
  expect(picture.width).toBe(224 + 48);
  expect(picture.svg.match(/marker-end/g)).toHaveLength(1);
  expect(picture.svg).not.toContain('conv1_relu');
  expect(drawPicture(drawn, { ...options, only: new Set() })).toMatchObject({
    cards: 0,
    width: 48,
    height: 48,
  });
});

test('shows what changed while that is on the canvas', () => {
  const host = new EditorHost(residualNet([1]));
  const base = host.model(EMPTY_RECIPE);
  const cut: Edit = { type: 'operate', operation: { op: 'cut', after: 'conv2_block1_out' } };
  host.answer({ type: 'edit', edit: cut });
  const comparison = compare(base, host.model(), SHOWN_FIRST);
  const { svg } = drawPicture(draw(comparison.model), { ...options, comparison });
  expect(svg).toContain('<title>predictions</title>');
  expect(svg.match(/text-decoration="line-through"/g)).toHaveLength(2);
  expect(svg).toContain('url(#arrow-removed)');
});

test('a PNG has bounds, and says them', () => {
  expect(whyNotPng({ width: 2000, height: 3000 })).toBeUndefined();
  expect(whyNotPng({ width: 300, height: 9000 })).toMatch(
    /600 × 18,000 pixels; the most is 16,384 on a side/,
  );
  expect(whyNotPng({ width: 6000, height: 6000 })).toMatch(/64 million/);
});
