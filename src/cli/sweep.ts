import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Failure } from '../core/failure';
import { batchNormalizationPolicy } from '../core/freeze/batchNormalization';
import { stageSweep, type SweepStep } from '../core/freeze/sweep';
import type { Plan } from '../core/plan/plan';
import { showFreezeSet } from '../core/run/compare';
import { nameOfModel, openOperated, refuseFaults, refuseOpaque } from '../formats/operatedModel';
import { readPlan, writePlan } from '../formats/planFile';
import { writeSweep } from '../runs/sweepFile';
import { readRun, type RunRecord } from '../runs/runReader';
import type { Arguments } from './arguments';
import type { Command } from './command';
import { showComparison } from './runs/compare';
import { Screen } from './screen';
import type { Terminal } from './terminal';
import { INTERRUPTED, runTrainer } from './trainerRun';

export const sweep: Command = {
  name: 'sweep',
  operand: 'PLAN',
  does:
    'train a plan once a freeze set: all stages frozen, then the last one open, … down to none; ' +
    'then compare the runs. With --json the comparison',
  options: {
    engine: {
      value: 'E',
      does: 'what computes: auto, tensorflow, wasm, cpu; as the plan says where left out',
    },
    metric: { value: 'M', does: 'what the best epochs go by: val_accuracy; the runs’ own where left out' },
    'allow-cpu': { does: 'let tensorflow compute on the processor where it finds no graphics card' },
  },
  async run(args, terminal) {
    const plan = await readPlan(path.resolve(args.operand));
    const steps = await stepsOf(plan);
    const id = `${new Date().toISOString()} ${plan.name ?? nameOfModel(plan.model)}`;
    const scratch = await mkdtemp(path.join(tmpdir(), 'model-surgery-sweep-'));
    try {
      const series = new Series(plan, id, scratch, args, terminal);
      series.say(`sweep ${id}`);
      const status = await series.run(steps);
      const runs = await Promise.all(series.folders.map((folder) => readRun(folder, { steps: false })));
      if (runs.length > 0) showComparison(runs, args.text('metric'), args.flag('json'), terminal);
      return status === 0 && runs.some(hasFailed) ? 1 : status;
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
};

const count = (layers: number): string => `${layers} ${layers === 1 ? 'layer' : 'layers'}`;

const hasFailed = ({ status }: RunRecord): boolean => status === 'failed' || status === 'lost';

/** @throws Failure of kind `input` where the model cannot be trained, or has one freeze set only */
async function stepsOf(plan: Plan): Promise<readonly SweepStep[]> {
  const model = await openOperated(plan.model, plan.recipe);
  refuseFaults(model);
  refuseOpaque(model);
  const { graph, inference, recipe } = model;
  const policy = batchNormalizationPolicy(recipe?.freeze ?? []);
  const steps = stageSweep(graph, inference, model.refreeze, policy);
  if (steps.length > 1) return steps;
  throw new Failure(
    'input',
    'SWEEP_STAGES',
    `${plan.model}: found ${steps.length === 0 ? 'nothing to train' : 'one way to freeze its stages'}, ` +
      'expected a model with stages of weights and a head; train it with phases of other freeze rules',
    { path: plan.model },
  );
}

/** The runs of a sweep, one after the other: each has the machine for itself, and what the one before it kept of features. */
class Series {
  readonly folders: string[] = [];

  constructor(
    private readonly plan: Plan,
    private readonly id: string,
    private readonly scratch: string,
    private readonly args: Arguments,
    private readonly terminal: Terminal,
  ) {}

  /** @returns 0, or 130 where it was interrupted @throws Failure of a run that came not as far as to its folder */
  async run(steps: readonly SweepStep[]): Promise<number> {
    for (const [index, step] of steps.entries()) {
      const { rules, frozenLayers, trainableLayers } = step;
      this.say(
        `${index + 1} of ${steps.length}: ${showFreezeSet(rules)}: ${count(trainableLayers)} to train, ${count(frozenLayers)} frozen`,
      );
      const before = this.folders.length;
      try {
        if ((await this.train(step)) === INTERRUPTED) return INTERRUPTED;
      } catch (error) {
        if (!(error instanceof Failure) || this.folders.length === before) throw error;
        // The others are worth having: a freeze set may diverge, or not fit into memory, where others do.
        this.terminal.warn(`error ${error.code}: ${error.message}`);
      }
    }
    return 0;
  }

  private async train(step: SweepStep): Promise<number> {
    const screen = new Screen(this.terminal);
    const json = this.args.flag('json');
    let noted: Promise<void> | undefined;
    const request = {
      type: 'train' as const,
      plan: await this.planOf(step),
      engine: this.args.text('engine'),
      allowCpu: this.args.flag('allow-cpu'),
    };
    let folder = '';
    const status = await runTrainer(
      request,
      this.terminal,
      (message) => {
        if (message.type === 'run') {
          folder = message.folder;
          this.folders.push(folder);
          noted = writeSweep(folder, { id: this.id, frozenStages: step.stages });
          // Heard of when the run has ended, not as a crash before that.
          noted.catch(() => undefined);
          this.say(`run ${folder}`);
        }
        // Standard output holds the comparison alone.
        if (message.type === 'event' && !json) screen.show(message.event, folder);
      },
      () => {
        screen.clear();
        this.terminal.warn('interrupted: stopping after this step and keeping what was learned');
      },
    ).finally(() => noted);
    return status;
  }

  private async planOf({ stages, rules }: SweepStep): Promise<string> {
    const { plan } = this;
    const file = path.join(this.scratch, `frozen-${stages}.plan.json`);
    await writePlan(file, {
      ...plan,
      name: `${plan.name ?? nameOfModel(plan.model)}-frozen-${stages}`,
      phases: plan.phases.map((phase) => ({ ...phase, freeze: [...rules] })),
    });
    return file;
  }

  say(line: string): void {
    if (this.args.flag('json')) this.terminal.warn(line);
    else this.terminal.write(`${line}\n`);
  }
}
