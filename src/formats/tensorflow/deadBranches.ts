import { dataInputs } from './dataInputs';
import type { GraphNode } from './graphDef';

/**
 * What of a graph is never computed, as a constant keeps it so: TensorFlow 1, and freezing, write a choice as a `Switch`
 * before each branch and a `Merge` after both.
 */
export class DeadBranches {
  private readonly dead = new Map<GraphNode, boolean>();

  /** @param decide whether the condition of a `Switch` holds; nothing where only data tells */
  constructor(
    private readonly nodes: ReadonlyMap<string, GraphNode>,
    private readonly decide: (switched: GraphNode) => boolean | undefined,
  ) {}

  /** The one tensor that a `Merge` can give, where the others are of dead branches. */
  live(merge: GraphNode): string | undefined {
    const given = dataInputs(merge);
    const live = given.filter((tensor) => !this.isDead(tensor));
    return live.length === 1 && given.length > 1 ? live[0] : undefined;
  }

  private isDead(tensor: string): boolean {
    const end = this.sourceOf(tensor);
    if (!end) return false;
    // Depth first without recursion; a loop goes round through what counts as alive.
    const stack = [{ node: end, next: 0 }];
    while (stack.length > 0) {
      const frame = stack.at(-1)!;
      if (frame.next === 0 && !this.dead.has(frame.node)) this.dead.set(frame.node, false);
      const input = frame.node.inputs[frame.next++];
      const source = input === undefined ? undefined : this.sourceOf(input);
      if (source && !this.dead.has(source)) stack.push({ node: source, next: 0 });
      if (input !== undefined) continue;
      this.dead.set(frame.node, this.followsFrom(frame.node));
      stack.pop();
    }
    return this.gives(tensor);
  }

  private followsFrom(node: GraphNode): boolean {
    if (node.op !== 'Merge') return node.inputs.some((input) => this.gives(input));
    const given = dataInputs(node);
    return given.length > 0 && given.every((input) => this.gives(input));
  }

  /** Whether a tensor is dead, where its operation was looked at. */
  private gives(tensor: string): boolean {
    const node = this.sourceOf(tensor);
    if (!node) return false;
    const holds = node.op === 'Switch' ? this.decide(node) : undefined;
    const port = Number(tensor.split(':').at(-1) ?? 0) === 1;
    return this.dead.get(node) === true || (holds !== undefined && !tensor.startsWith('^') && holds !== port);
  }

  private sourceOf(tensor: string): GraphNode | undefined {
    return this.nodes.get(tensor.replace(/^\^/, '').split(':', 1)[0] ?? '');
  }
}
