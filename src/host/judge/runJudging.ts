import type { RunEvent } from '../../core/run/events';
import type { JudgedModel } from '../../core/run/judgement';
import type { JudgingToPage } from '../../protocol/judging';
import { modelToJudge } from '../../runs/judgedModel';
import { readJudgement } from '../../runs/judgementFile';
import type { TrainerProcess } from '../../trainer/client';
import { asFailure } from '../asFailure';
import type { StartTrainer } from './startTrainer';
import { t } from '../../l10n/translate';

type Post = (message: JudgingToPage) => void;

interface Going {
  readonly trainer: Promise<TrainerProcess>;
  /** Everybody who asked; all hear the same. */
  readonly listeners: Set<Post>;
  last: JudgingToPage;
  cancelled: boolean;
}

/** Has runs judged, each by one trainer at a time; what it found is in the run's folder. */
export class RunJudging {
  private readonly going = new Map<string, Going>();

  constructor(
    private readonly start: StartTrainer,
    private readonly eventsOf: (run: string) => Promise<readonly RunEvent[]>,
  ) {}

  /** Tells what is known, and goes on telling where the run is being judged. */
  async lookAt(id: string, post: Post): Promise<void> {
    const going = this.going.get(id);
    if (going) {
      going.listeners.add(post);
      return post(going.last);
    }
    const [kept, now] = [await readJudgement(id), await modelToJudge(id, await this.eventsOf(id))];
    if (kept && now && isSame(kept.model, now)) return post({ type: 'judged', id, judgement: kept });
    post({ type: 'notJudged', id, reason: now ? 'notYet' : 'noModel' });
  }

  async judge(id: string, post: Post): Promise<void> {
    const known = this.going.get(id);
    if (known) {
      known.listeners.add(post);
      return post(known.last);
    }
    const going: Going = {
      trainer: this.start({ type: 'judge', run: id }),
      listeners: new Set([post]),
      last: { type: 'judging', id, done: 0, samples: null },
      cancelled: false,
    };
    this.going.set(id, going);
    post(going.last);
    const answer = await this.carryOut(id, going).catch((error: unknown): JudgingToPage => {
      const { code, message } = asFailure(error);
      return { type: 'notJudged', id, reason: { code, message } };
    });
    this.going.delete(id);
    for (const listener of going.listeners)
      listener(going.cancelled ? { type: 'notJudged', id, reason: 'notYet' } : answer);
  }

  async cancel(id: string): Promise<void> {
    const going = this.going.get(id);
    if (!going) return;
    going.cancelled = true;
    await (await going.trainer).stop();
  }

  dispose(): void {
    for (const id of this.going.keys()) void this.cancel(id).catch(() => undefined);
  }

  private async carryOut(id: string, going: Going): Promise<JudgingToPage> {
    const trainer = await going.trainer;
    let wrong: JudgingToPage | undefined;
    const told = { judged: false };
    trainer.onMessage((message) => {
      if (message.type === 'failed') {
        const { code, message: text } = message;
        wrong = { type: 'notJudged', id, reason: { code, message: text } };
      }
      // One that died before may have left an older judgement there.
      if (message.type === 'judged') told.judged = true;
      if (message.type !== 'judging') return;
      going.last = { type: 'judging', id, done: message.done, samples: message.samples };
      for (const listener of going.listeners) listener(going.last);
    });
    await trainer.exited;
    if (wrong) return wrong;
    const judgement = told.judged ? await readJudgement(id) : undefined;
    if (judgement) return { type: 'judged', id, judgement };
    const message = t(
      'what was found is not in the run’s folder, expected judgement.json there; judge the run again',
    );
    return { type: 'notJudged', id, reason: { code: 'JUDGEMENT_MISSING', message } };
  }
}

function isSame(kept: JudgedModel, now: JudgedModel): boolean {
  return kept.path === now.path && kept.bytes === now.bytes && kept.modified === now.modified;
}
