import * as tf from '@tensorflow/tfjs-core';
import { compilerOf, type CompiledRun } from '../engines/compiledRun';
import type { CallContext } from '../layers/forward';
import type { ProgramCall } from './program';
import { runCalls, tensorAt, type Tensors } from './runCalls';

/** Batches come in one size and a last smaller one; of more shapes than this each run is on its own. */
const MAX_SHAPES = 4;

interface Compiled {
  readonly run: CompiledRun;
  /** Keys of what it takes and leaves. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Inputs that something after it reads. */
  readonly left: ReadonlySet<string>;
  readonly weights: readonly UsedWeight[];
}

interface UsedWeight {
  readonly read: () => tf.Tensor;
  readonly value: tf.Tensor;
}

/** Calls that are run many times with the same weights: compiled where the engine can, once for each shape of inputs. */
export class FrozenRun {
  private readonly compiled = new Map<string, Compiled | 'cannot'>();

  /** @param calls and the others are those of `runCalls` */
  constructor(
    private readonly calls: readonly ProgramCall[],
    private readonly wanted: ReadonlySet<string>,
    private readonly contextOf: (call: ProgramCall) => CallContext,
  ) {}

  /** As `runCalls` does. */
  run(tensors: Tensors): void {
    const compile = compilerOf(tf.getBackend());
    if (!compile || this.calls.length === 0) return this.runPlainly(tensors);
    const keys = [...tensors.keys()];
    const shapes = JSON.stringify(keys.map((key) => tensorAt(tensors, key).shape));
    const found = this.compiled.get(shapes);
    if (found === 'cannot') return this.runPlainly(tensors);
    if (found && found.weights.every(({ read, value }) => read() === value)) return replay(found, tensors);

    if (found) found.run.dispose();
    if (!found && this.compiled.size >= MAX_SHAPES) return this.runPlainly(tensors);
    const inputs = keys.map((key) => tensorAt(tensors, key));
    const notes: Notes = { weights: [], isStateful: false };
    const { results: outputs, compiled } = compile(
      inputs,
      () => {
        runCalls(this.calls, tensors, this.wanted, this.noting(notes));
        return [...tensors.keys()].filter((key) => !keys.includes(key));
      },
      (made) => made.map((key) => tensorAt(tensors, key)),
    );
    if (compiled && !notes.isStateful) {
      const left = new Set(keys.filter((key) => tensors.has(key)));
      this.compiled.set(shapes, { run: compiled, inputs: keys, outputs, left, weights: notes.weights });
    } else {
      compiled?.dispose();
      this.compiled.set(shapes, 'cannot');
    }
  }

  dispose(): void {
    for (const one of this.compiled.values()) if (one !== 'cannot') one.run.dispose();
    this.compiled.clear();
  }

  private runPlainly(tensors: Tensors): void {
    runCalls(this.calls, tensors, this.wanted, this.contextOf);
  }

  private noting(notes: Notes): (call: ProgramCall) => CallContext {
    return (call) => {
      const context = this.contextOf(call);
      return {
        ...context,
        weight: (name) => {
          const read = () => this.contextOf(call).weight(name);
          const value = read();
          notes.weights.push({ read, value });
          return value;
        },
        remember: (...given) => {
          notes.isStateful = true;
          context.remember?.(...given);
        },
      };
    };
  }
}

/** What a run did beside computing. */
interface Notes {
  readonly weights: UsedWeight[];
  /** Its outputs hang on the batches before. */
  isStateful: boolean;
}

function replay({ run, inputs, outputs, left }: Compiled, tensors: Tensors): void {
  const made = run.run(inputs.map((key) => tensorAt(tensors, key)));
  for (const key of inputs) {
    if (left.has(key)) continue;
    tensors.get(key)?.dispose();
    tensors.delete(key);
  }
  outputs.forEach((key, index) => tensors.set(key, made[index]));
}
