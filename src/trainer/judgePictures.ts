import path from 'node:path';
import { classifierOf } from '../data/match';
import { pngOf } from '../data/decodeImage';
import { openSamplePictures, type SamplePictures } from '../data/samplePictures';
import { readPlan } from '../formats/planFile';
import type { FromTrainer, PictureRequest, PicturesRequest, ToTrainer } from '../protocol/trainer';
import { readJudgement } from '../runs/judgementFile';
import { RUN_FILES } from '../runs/runFolder';
import type { Channel } from './channel';
import { openComputable } from './computable';

/** Makes pictures as they are asked for, until nobody asks any more. */
export async function servePictures(
  { run }: PicturesRequest,
  channel: Channel<ToTrainer, FromTrainer>,
  stop: AbortSignal,
): Promise<void> {
  let opened: Promise<SamplePictures> | undefined;
  const picture = async ({ of, side }: PictureRequest): Promise<Uint8Array> =>
    typeof of === 'string' ? pngOf(of, side) : (await (opened ??= openHeldOutPictures(run)))(of, side);
  channel.onMessage((message) => {
    if (message.type !== 'picture') return;
    const { of, side } = message;
    picture(message).then(
      (png) => channel.send({ type: 'picture', of, side, png: Buffer.from(png).toString('base64') }),
      (error: unknown) => {
        const why = error instanceof Error ? error.message : String(error);
        channel.send({ type: 'picture', of, side, png: null, why });
      },
    );
  });
  channel.send({ type: 'picturing' });
  if (stop.aborted) return;
  await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
}

/** Of the model that was judged no more than its shapes are read. */
async function openHeldOutPictures(run: string): Promise<SamplePictures> {
  const plan = await readPlan(path.join(run, RUN_FILES.plan));
  const judgement = await readJudgement(run);
  const model = judgement
    ? await openComputable(path.join(run, judgement.model.path))
    : await openComputable(plan.model, plan.recipe);
  return openSamplePictures(plan.data, classifierOf(model.graph, model.inference, plan.loss), plan.seed);
}
