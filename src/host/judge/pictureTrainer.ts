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
import { t } from '../../l10n/translate';

type Post = (message: JudgingToPage) => void;
type Picture = Extract<FromTrainer, { readonly type: 'picture' }>;

/** Asked for at once: enough that the decoder is busy, few enough that what has scrolled away is soon forgotten. */
const AT_ONCE = 8;
/** Nobody looks at pictures any more by then; the next ask starts another trainer. */
const IDLE_MS = 120_000;

const NOT_MADE = t('the trainer ended before it had made the picture; show the run again to ask once more');

/** Has pictures made of one run's samples by a trainer that stays for more, of what was asked for last alone. */
export class PictureTrainer {
  private waiting: WantedPicture[] = [];
  private readonly asked = new Map<string, WantedPicture>();
  private post: Post = () => undefined;
  private readonly trainer: Promise<TrainerProcess>;
  /** Once it has the data. */
  private ready: TrainerProcess | undefined;
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
    this.goOn();
  }

  dispose(): void {
    clearTimeout(this.idle);
    this.waiting = [];
    this.asked.clear();
    void this.trainer.then((trainer) => trainer.stop()).catch(() => undefined);
  }

  private listen(trainer: TrainerProcess): void {
    trainer.onMessage((message) => {
      if (message.type === 'picturing') this.ready = trainer;
      if (message.type === 'picture') this.receive(message);
      if (message.type === 'failed') return this.end(message.message);
      this.goOn();
    });
    void trainer.exited.then(() => this.end(NOT_MADE));
  }

  private goOn(): void {
    clearTimeout(this.idle);
    while (this.ready && this.asked.size < AT_ONCE) {
      const next = this.waiting.shift();
      if (!next) break;
      this.asked.set(keyOf(next), next);
      this.ready.ask({ type: 'picture', ...next });
    }
    // One that loads the data or is at a picture is not idle, however long it takes.
    if (this.asked.size + this.waiting.length > 0) return;
    this.idle = setTimeout(() => this.dispose(), IDLE_MS).unref();
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
    clearTimeout(this.idle);
    this.ready = undefined;
    const unseen = [...this.asked.values(), ...this.waiting.splice(0)];
    this.asked.clear();
    if (unseen.length > 0) this.tell(unseen.map((picture) => ({ ...picture, png: null, why })));
    this.onEnd();
  }

  private tell(pictures: Extract<JudgingToPage, { readonly type: 'pictures' }>['pictures']): void {
    this.post({ type: 'pictures', id: this.run, pictures });
  }
}

const keyOf = ({ of, side }: WantedPicture) => `${side} ${typeof of} ${of}`;
