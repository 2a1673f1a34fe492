import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../core/failure';
import {
  MOST_PREDICTED,
  type JudgingFromPage,
  type JudgingToPage,
  type WantedPicture,
} from '../../protocol/judging';
import { modelToJudge } from '../../runs/judgedModel';
import { RUN_FILES } from '../../runs/runFolder';
import { asFailure } from '../asFailure';
import type { RunRegistry } from '../runRegistry';
import { startTrainerOf, type TrainerPlace } from '../trainerStart';
import { DroppedImages } from './droppedImages';
import { PictureTrainer } from './pictureTrainer';
import { imagesOf, predictImages } from './predictImages';
import { RunJudging } from './runJudging';
import type { StartTrainer } from './startTrainer';
import { t } from '../../l10n/translate';

type Post = (message: JudgingToPage) => void;
type From = Extract<JudgingFromPage, { readonly type: 'predictImages' }>['from'];

const IMAGES = { Images: ['png', 'jpg', 'jpeg', 'bmp', 'gif', 'webp', 'tif', 'tiff', 'avif'] };

/** The host's part of the Judge section. */
export class JudgePart implements vscode.Disposable {
  private readonly start: StartTrainer;
  private readonly judging: RunJudging;
  private pictures: PictureTrainer | undefined;
  private readonly dropped = new DroppedImages();

  /** The images that a page was told of: of no other file on this machine it gets a picture. */
  private readonly predicted = new WeakMap<Post, ReadonlySet<string>>();

  constructor(
    private readonly place: TrainerPlace,
    private readonly registry: RunRegistry,
    private readonly log: Pick<vscode.LogOutputChannel, 'warn'>,
  ) {
    this.start = (request) => startTrainerOf(place, request);
    this.judging = new RunJudging(this.start, async (id) => (await registry.follow(id)).events);
  }

  async receive(message: JudgingFromPage, post: Post): Promise<void> {
    switch (message.type) {
      case 'lookAtJudgement':
        return this.judging.lookAt(message.id, post);
      case 'judge':
        return this.judging.judge(message.id, post);
      case 'cancelJudging':
        return this.judging.cancel(message.id);
      case 'pictures':
        return this.picture(message.id, message.wanted, post);
      case 'predictImages':
        return this.predict(message.id, message.from, post);
      case 'showMovement':
        return vscode.commands.executeCommand('modelSurgery.showWeightMovement', message.id);
    }
  }

  dispose(): void {
    this.judging.dispose();
    this.pictures?.dispose();
    this.dropped.dispose();
  }

  private picture(id: string, wanted: readonly WantedPicture[], post: Post): void {
    const predicted = this.predicted.get(post);
    const known = wanted.filter(({ of }) => typeof of === 'number' || predicted?.has(of));
    if (known.length < wanted.length) {
      const unknown = wanted.filter((each) => !known.includes(each));
      this.log.warn(`IMAGE_UNKNOWN: pictures of ${unknown.length} files that were not predicted`);
      const why = t('this image was not predicted here; predict it to see it');
      post({ type: 'pictures', id, pictures: unknown.map((each) => ({ ...each, png: null, why })) });
    }
    if (known.length > 0 || wanted.length === 0) this.picturesOf(id).ask(known, post);
  }

  /** One run's at a time: its data is in memory. */
  private picturesOf(id: string): PictureTrainer {
    if (this.pictures?.run === id) return this.pictures;
    this.pictures?.dispose();
    const made = new PictureTrainer(id, this.start, () => {
      if (this.pictures === made) this.pictures = undefined;
    });
    this.pictures = made;
    return made;
  }

  private async predict(id: string, from: From, post: Post): Promise<void> {
    try {
      const places = await this.placesOf(from, post);
      if (!places) return post({ type: 'notPredicted', id });
      const found = await imagesOf(places);
      const images = found.slice(0, MOST_PREDICTED);
      post({ type: 'predicting', id, images: images.length });
      const { events, plan } = await this.registry.follow(id);
      const model = await modelToJudge(id, events);
      if (!model) {
        const message = t('the run has neither a model nor a checkpoint yet, expected one to predict with');
        throw new Failure('input', 'NOTHING_TO_JUDGE', message, { path: id });
      }
      const file = path.join(id, model.path);
      await this.place.outside.allow([{ path: file, what: t('the model') }], path.join(id, RUN_FILES.events));
      const begun = events.find((event) => event.type === 'start');
      const predicted = await predictImages(
        images,
        {
          model: file,
          classes: begun?.classes ?? [],
          fromLogits: plan?.fromLogits === true,
        },
        this.start,
      );
      this.predicted.set(post, new Set(predicted.map((image) => image.file)));
      post({ type: 'predictedImages', id, images: predicted, left: found.length - images.length });
    } catch (error) {
      const { code, message } = asFailure(error);
      post({ type: 'notPredicted', id, reason: { code, message } });
    }
  }

  /** @param page by which it is known */
  private async placesOf(from: From, page: Post): Promise<readonly string[] | undefined> {
    if (typeof from !== 'string') return this.dropped.placesOf(page, from.dropped);
    const chosen = await this.choose(from);
    if (chosen) await this.dropped.forget(page);
    return chosen;
  }

  private async choose(what: 'files' | 'folder'): Promise<readonly string[] | undefined> {
    const chosen = await vscode.window.showOpenDialog({
      title: what === 'files' ? t('Images to Predict') : t('Folder of Images to Predict'),
      openLabel: t('Predict'),
      canSelectFiles: what === 'files',
      canSelectFolders: what === 'folder',
      canSelectMany: true,
      ...(what === 'files' && { filters: IMAGES }),
    });
    return chosen?.map(({ fsPath }) => fsPath);
  }
}
