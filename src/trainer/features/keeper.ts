import type { FeatureStore, KeptPart } from './featureStore';
import { bytesOf, recordSize, type Layout } from './layout';
import { rowsInMemory, type Rows } from './rows';
import { t } from '../../l10n/translate';

/** Features are not kept, which ends nothing: the prefix runs in every step, as it would without a cache. */
export class NotKept extends Error {}

/**
 * Keeps records as they are computed: in memory where they fit, and on the disk for the next run, or instead of memory,
 * where they fit there.
 */
export class Keeper {
  private records: Float32Array | undefined;
  private part: KeptPart | undefined;
  private layout: Layout | undefined;
  private end = 0;

  /**
   * @param store nothing where the disk is not to be used
   * @param memory bytes
   * @param note told of what went wrong with the disk where memory will do
   */
  constructor(
    private readonly key: string,
    private readonly store: FeatureStore | undefined,
    private readonly memory: number,
    private readonly note: (message: string) => void,
  ) {}

  /** @throws NotKept */
  async take(records: Float32Array, layout: Layout): Promise<void> {
    if (!this.layout) await this.begin(layout);
    this.records?.set(records, this.end);
    this.end += records.length;
    await this.onDisk((part) => part.append(records));
  }

  /** @throws NotKept */
  async finish(): Promise<Rows> {
    await this.onDisk((part) => part.finish());
    this.part = undefined;
    if (this.layout && this.records) return rowsInMemory(this.layout, this.records);
    const rows = await this.store?.open(this.key, 0).catch((cause: unknown) => {
      throw new NotKept(reasonOf(cause));
    });
    if (!rows) throw new NotKept(t('what was written is no longer there'));
    return rows;
  }

  async abandon(): Promise<void> {
    await this.part?.abandon();
    this.part = undefined;
  }

  private async begin(layout: Layout): Promise<void> {
    this.layout = layout;
    const bytes = bytesOf(layout);
    const { store } = this;
    if (bytes <= this.memory) this.records = new Float32Array(layout.samples * recordSize(layout));
    if (store?.hasRoomFor(layout)) {
      try {
        this.part = await store.begin(this.key, layout);
      } catch (cause) {
        this.disclose(cause);
      }
    } else if (!this.records) {
      throw new NotKept(
        t(
          '{0} samples take {1} MB, more than cacheFeatures allows; give it more, or freeze less',
          layout.samples,
          megabytes(bytes),
        ),
      );
    }
  }

  private async onDisk(work: (part: KeptPart) => Promise<void>): Promise<void> {
    if (!this.part) return;
    try {
      await work(this.part);
    } catch (cause) {
      await this.abandon();
      this.disclose(cause);
    }
  }

  private disclose(cause: unknown): void {
    if (!this.records) throw new NotKept(reasonOf(cause));
    this.note(t('features are not on the disk for the next run: {0}', reasonOf(cause)));
  }
}

const megabytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20);

export const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));
