import path from 'node:path';
import type { Metrics, RunEvent } from '../../core/run/events';
import { RUN_FILES } from '../runFolder';
import { sessionStartEvent, summaryEvent, type Value } from './event';
import { EventFile } from './eventFile';

const VALIDATION = 'val_';

export interface BoardOptions {
  /** The run's folder. */
  readonly run: string;
  readonly hasValidation: boolean;
  /** What a phase freezes, as Markdown, by its number. */
  readonly freezeSet: (phase: number) => string;
  /** In force when it is asked for. */
  readonly learningRate: () => number;
  /** Told once, when the disk refuses: the run goes on without. */
  readonly onRefused: (error: unknown) => void;
}

/**
 * Writes a run as TensorBoard's event files, under the tags and steps of Keras's own callback
 * (`keras.callbacks.TensorBoard` with `update_freq`): `batch_loss` by the step from one, `epoch_loss` by the epoch from
 * zero, `evaluation_loss_vs_iterations` by the step; the plan and the freeze set of each phase as texts.
 */
export class Board {
  private train: EventFile | undefined;
  private validation: EventFile | undefined;
  private refused = false;

  constructor(private readonly options: BoardOptions) {}

  /**
   * Opens the files, new ones in a run that goes on.
   * @param resumedAfter the steps of the checkpoint that it goes on from
   */
  async open(resumedAfter = 0): Promise<void> {
    const { run, hasValidation } = this.options;
    const time = Date.now();
    try {
      const create = async (name: string) => {
        const file = await EventFile.create(path.join(run, RUN_FILES.tensorboard, name), time);
        // The first session too: TensorBoard takes the second that it meets for the first that went on.
        file.append(sessionStartEvent(time, resumedAfter + 1));
        return file;
      };
      this.train = await create('train');
      if (hasValidation) this.validation = await create('validation');
    } catch (error) {
      this.refuse(error);
    }
  }

  /** Texts that hold for the whole run, as Markdown, by their tags. */
  texts(time: number, texts: Readonly<Record<string, string>>): void {
    const values = Object.entries(texts).map(([tag, text]) => ({ tag, text }));
    this.write(() => this.train?.append(summaryEvent(time, 0, values)));
  }

  take(event: RunEvent): void {
    switch (event.type) {
      case 'phase': {
        const text = this.options.freezeSet(event.phase);
        this.write(() =>
          this.train?.append(summaryEvent(event.time, event.phase, [{ tag: 'freeze_set', text }])),
        );
        break;
      }
      case 'step': {
        const values = scalars(event.metrics, (name) => `batch_${name}`);
        this.write(() => this.train?.append(summaryEvent(event.time, event.step, values)));
        break;
      }
      case 'epoch': {
        const { time, epoch, step, metrics } = event;
        const [training, validating] = split(metrics);
        const rate = { tag: 'epoch_learning_rate', scalar: this.options.learningRate() };
        const epochTag = (name: string) => `epoch_${name}`;
        this.write(() => {
          this.train?.append(summaryEvent(time, epoch - 1, [...scalars(training, epochTag), rate]));
          if (Object.keys(validating).length === 0) return;
          const evaluated = scalars(validating, (name) => `evaluation_${name}_vs_iterations`);
          this.validation?.append(summaryEvent(time, step, evaluated));
          this.validation?.append(summaryEvent(time, epoch - 1, scalars(validating, epochTag)));
        });
      }
    }
  }

  close(): void {
    this.train?.close();
    this.validation?.close();
    this.train = this.validation = undefined;
  }

  /** What a disk refused may be torn, and nothing after it would be read. */
  private write(append: () => void): void {
    if (this.refused) return;
    try {
      append();
    } catch (error) {
      this.refuse(error);
    }
  }

  private refuse(error: unknown): void {
    this.refused = true;
    this.options.onRefused(error);
  }
}

const scalars = (metrics: Metrics, tag: (name: string) => string): readonly Value[] =>
  Object.entries(metrics).map(([name, value]) => ({ tag: tag(name), scalar: value }));

/** What was measured in training, and in validation without its prefix. */
function split(metrics: Metrics): readonly [Metrics, Metrics] {
  const entries = Object.entries(metrics);
  return [
    Object.fromEntries(entries.filter(([name]) => !name.startsWith(VALIDATION))),
    Object.fromEntries(
      entries
        .filter(([name]) => name.startsWith(VALIDATION))
        .map(([name, value]) => [name.slice(VALIDATION.length), value]),
    ),
  ];
}
