import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { RunEvent } from '../core/run/events';
import { RUN_FILES } from '../runs/runFolder';
import { Board } from '../runs/tensorboard/board';
import { freezeSetTable, jsonBlock } from '../runs/tensorboard/texts';
import type { Prepared } from './prepare';
import { t } from '../l10n/translate';

/** What writes a run for TensorBoard, opened; nothing where the plan does not ask for it. Close it when done. */
export async function openBoard(
  { plan, model, phases, data, executor, resumed }: Prepared,
  run: string,
  emit: (event: RunEvent) => void,
): Promise<Board | undefined> {
  if (!plan.tensorboard) return undefined;
  const board = new Board({
    run,
    hasValidation: data.validation.indices.length > 0,
    freezeSet: (phase) => freezeSetTable(phases[phase]?.graph ?? model.graph),
    learningRate: () => executor.learningRate,
    onRefused: (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      const message = t(
        '{0}: cannot be written: {1}; the run goes on without it',
        path.join(run, RUN_FILES.tensorboard),
        reason,
      );
      emit({ type: 'warning', time: Date.now(), code: 'TENSORBOARD_WRITE', message });
    },
  });
  await board.open(resumed?.checkpoint.state.step);
  if (resumed) return board;
  const text = async (name: string) => jsonBlock(await readFile(path.join(run, name), 'utf8'));
  board.texts(Date.now(), {
    plan: await text(RUN_FILES.plan),
    ...(model.recipe && { recipe: await text(RUN_FILES.recipe) }),
  });
  return board;
}
