import { expect, test } from 'vitest';
import { printSummary } from '../../../src/core/summary/printSummary';
import { openModel } from '../../../src/formats/registry';
import { summaryText } from '../../../src/host/summaryText';
import { fixture } from '../formats/fixtures';

test("is Keras's table, of all layers or of some", async () => {
  const base = await openModel(fixture('keras3/sequential.h5'));
  const { graph } = base;
  expect(summaryText({ base, graph })).toBe(printSummary(graph));
  const last = graph.layers.at(-1)!;
  const text = summaryText({ base, graph }, [last.id]);
  expect(text).toContain(`${last.name} (${last.kind})`);
  for (const { name } of graph.layers.slice(0, -1)) expect(text).not.toContain(`${name} (`);
});

test('of a file of weights is their list', async () => {
  const file = await openModel(fixture('keras3/sequential.h5'));
  const base = { ...file, weightsOnly: true as const };
  const [layer, other] = file.graph.layers.filter(({ weights }) => weights.length > 0);
  expect(summaryText({ base, graph: file.graph })).toMatch(/^Weights: /);
  const text = summaryText({ base, graph: file.graph }, [layer!.id]);
  expect(text).toContain(layer!.name);
  expect(text).not.toContain(other!.name);
});
