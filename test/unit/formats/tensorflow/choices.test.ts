import { describe, expect, test } from 'vitest';
import { Failure } from '../../../../src/core/failure';
import { MAX_NODES } from '../../../../src/formats/tensorflow/bounds';
import { flattenGraph } from '../../../../src/formats/tensorflow/flatGraph';
import type { Attribute, GraphDef, GraphNode } from '../../../../src/formats/tensorflow/graphDef';

const node = (
  name: string,
  op: string,
  inputs: readonly string[] = [],
  attributes: Readonly<Record<string, Attribute>> = {},
): GraphNode => ({ name, op, inputs, attributes: new Map(Object.entries(attributes)) });

const constant = (name: string, value: number) =>
  node(name, 'Const', [], { value: { tensor: { type: 10, shape: [], numbers: [value] } } });

const body = (name: string, op: string) =>
  [name, { name, inputs: ['x'], returns: ['y:0:0'], nodes: [node('y', op, ['x'])] }] as const;

const branches = { then_branch: { function: 'yes' }, else_branch: { function: 'no' } };

function opsOf(nodes: readonly GraphNode[], output: string, functions: GraphDef['functions'] = new Map()) {
  const stored = (one: GraphNode) => one.attributes.get('value')?.tensor;
  return flattenGraph({ nodes, functions }, [output], stored).nodes.map(({ op }) => op);
}

describe('a choice between two functions', () => {
  const functions = new Map([body('yes', 'Sin'), body('no', 'Cos')]);

  test.each([
    [1, 'Sin'],
    [0, 'Cos'],
  ])('is made where a constant says %i', (value, op) => {
    const nodes = [
      node('x', 'Placeholder'),
      constant('flag', value),
      node('if', 'If', ['flag', 'x'], branches),
    ];
    expect(opsOf(nodes, 'if:0', functions)).toEqual(['Placeholder', op]);
  });

  test('is made through identities and a negation', () => {
    const nodes = [
      node('x', 'Placeholder'),
      constant('flag', 1),
      node('same', 'Identity', ['flag']),
      node('not', 'LogicalNot', ['same']),
      node('if', 'StatelessIf', ['not', 'x'], branches),
    ];
    expect(opsOf(nodes, 'if:0', functions)).toEqual(['Placeholder', 'Cos']);
  });

  test('stays where data decides', () => {
    const nodes = [node('x', 'Placeholder'), node('if', 'If', ['x', 'x'], branches)];
    expect(opsOf(nodes, 'if:0', functions)).toEqual(['Placeholder', 'If']);
  });

  test('that decides itself ends in one failure', () => {
    const nodes = [node('x', 'Placeholder'), node('if', 'If', ['if', 'x'], branches)];
    expect(() => opsOf(nodes, 'if:0', functions)).toThrow(Failure);
  });

  test('of conditions that hang on one another, a hundred thousand deep, ends', () => {
    const nodes = [node('x', 'Placeholder'), constant('c0', 1)];
    for (let depth = 1; depth <= 100_000; depth++)
      nodes.push(node(`c${depth}`, 'If', [`c${depth - 1}`, 'x'], branches));
    expect(opsOf(nodes, 'c100000:0', functions).length).toBeLessThan(MAX_NODES);
  });
});

describe('a choice as TensorFlow 1 writes it', () => {
  const choice = (flag: GraphNode) => [
    node('x', 'Placeholder'),
    flag,
    node('switch', 'Switch', ['x', 'flag']),
    node('a', 'Sin', ['switch:1']),
    node('b', 'Cos', ['switch']),
    node('merge', 'Merge', ['b', 'a']),
  ];

  test.each([
    [1, 'Sin'],
    [0, 'Cos'],
  ])('is made where a constant says %i', (value, op) => {
    expect(opsOf(choice(constant('flag', value)), 'merge:0')).toEqual(['Placeholder', op]);
  });

  test('with a branch that is a constant is known by what comes first', () => {
    const nodes = [
      ...choice(constant('flag', 0)).slice(0, 4),
      node('b', 'Const', ['^off']),
      node('off', 'Identity', ['switch']),
      node('merge', 'Merge', ['b', 'a']),
    ];
    expect(opsOf(nodes, 'merge:0')).toEqual(['Const']);
  });

  test('stays where data decides', () => {
    const ops = opsOf(choice(node('flag', 'Placeholder')), 'merge:0');
    expect(ops).toContain('Merge');
    expect(ops).toContain('Switch');
  });
});
