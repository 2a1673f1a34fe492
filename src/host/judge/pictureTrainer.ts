import {
  LARGEST_PICTURE,
  MOST_PICTURES,
  type JudgingToPage,
  type WantedPicture,
} from '../../protocol/judging';
import type { FromTrainer } from '../../protocol/trainer';
import type { TrainerProcess } from '../../trainer/client';
import { asFailure } from '../asFailure';
import type { StartTrainer } from './startTrainer';

type Post = (message: JudgingToPage) => void;
type Picture = Extract<FromTrainer, { readonly type: 'picture' }>;

/** Asked for at once: enough that the decoder is busy, few enough that what has scrolled away is soon forgotten. */
const AT_ONCE = 8;
/** Nobody looks at pictures any more by then; the next ask starts another trainer. */
const IDLE_MS = 120_000;

/** Has pictures made of one run's samples by a trainer that stays for more, of what was asked for last alone. */
export class PictureTrainer {
  private waiting: WantedPicture[] = [];
  private readonly asked = new Set<string>();
  private post: Post = () => undefined;
  private readonly trainer: Promise<TrainerProcess>;
  private isReady = false;
  private idle: NodeJS.Timeout | undefined;

  /** @param onEnd called once no more can be asked of it */
  constructor(
    readonly run: string,
    start: StartTrainer,
    private readonly onEnd: () => void,
  ) {
    this.trainer = start({ type: 'pictures', run });
    this.trainer
      .then((trainer) => this.listen(trainer))
      .catch((error: unknown) => this.end(asFailure(error).message));
  }

  ask(wanted: readonly WantedPicture[], post: Post): void {
    this.post = post;
    this.waiting = wanted
      .slice(0, MOST_PICTURES)
      .map(({ of, side }) => ({ of, side: Math.min(Math.max(Math.round(side), 1), LARGEST_PICTURE) }))
      .filter((picture) => !this.asked.has(keyOf(picture)));
    void this.goOn();
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.waiting = [];
    void this.trainer.then((trainer) => trainer.stop()).catch(() => undefined);
  }

  private listen(trainer: TrainerProcess): void {
    trainer.onMessage((message) => {
      if (message.type === 'picturing') this.isReady = true;
      if (message.type === 'picture') this.receive(message);
      if (message.type === 'failed') this.end(message.message);
      void this.goOn();
    });
    void trainer.exited.then(() => this.onEnd());
  }

  private async goOn(): Promise<void> {
    clearTimeout(this.idle);
    this.idle = setTimeout(() => this.dispose(), IDLE_MS).unref();
    if (!this.isReady) return;
    const trainer = await this.trainer;
    while (this.asked.size < AT_ONCE) {
      const next = this.waiting.shift();
      if (!next) return;
      this.asked.add(keyOf(next));
      trainer.ask({ type: 'picture', ...next });
    }
  }

  private receive({ of, side, png, why }: Picture): void {
    this.asked.delete(keyOf({ of, side }));
    this.tell([
      {
        of,
        side,
        png: png === null ? null : `data:image/png;base64,${png}`,
        ...(why !== undefined && { why }),
      },
    ]);
  }

  private end(why: string): void {
    const unseen = this.waiting.splice(0);
    this.tell(unseen.map((picture) => ({ ...picture, png: null, why })));
    this.onEnd();
  }

  private tell(pictures: Extract<JudgingToPage, { readonly type: 'pictures' }>['pictures']): void {
    this.post({ type: 'pictures', id: this.run, pictures });
  }
}

const keyOf = ({ of, side }: WantedPicture) => `${side} ${typeof of} ${of}`;
