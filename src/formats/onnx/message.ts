import { Failure } from '../../core/failure';
import { t } from '../../l10n/translate';
import { int64Of, type WireField, type WireRange } from '../protobuf/wire';
import { scanFields, type WireSource } from '../protobuf/wireSource';

/** A message's fields by number, in the file's order. */
export class Message {
  private constructor(
    readonly source: WireSource,
    readonly range: WireRange,
    private readonly fields: ReadonlyMap<number, readonly WireField[]>,
  ) {}

  static async read(source: WireSource, range: WireRange): Promise<Message> {
    const fields = new Map<number, WireField[]>();
    for (const field of await scanFields(source, range)) {
      const list = fields.get(field.number);
      if (list) list.push(field);
      else fields.set(field.number, [field]);
    }
    return new Message(source, range, fields);
  }

  /** Every field of that number; of texts, messages and packed lists only those that are stored as such. */
  all(number: number): readonly WireField[] {
    return this.fields.get(number) ?? [];
  }

  /** The last one counts, as everywhere in protobuf. */
  last(number: number): WireField | undefined {
    return this.fields.get(number)?.at(-1);
  }

  contents(number: number): readonly WireField[] {
    return this.all(number).map((field) => this.mustBe(field, 'bytes'));
  }

  content(number: number): WireField | undefined {
    const field = this.last(number);
    return field && this.mustBe(field, 'bytes');
  }

  async text(number: number): Promise<string> {
    const field = this.content(number);
    return field ? this.source.text(field) : '';
  }

  async texts(number: number): Promise<readonly string[]> {
    const texts: string[] = [];
    for (const field of this.contents(number)) texts.push(await this.source.text(field));
    return texts;
  }

  int(number: number): number | undefined {
    const field = this.last(number);
    return field && int64Of(this.mustBe(field, 'varint').value, t('byte {0}', field.offset));
  }

  /** A repeated whole number, packed or not; beyond 2^53 the nearest that JavaScript has. */
  async ints(number: number): Promise<readonly number[]> {
    const values: number[] = [];
    for (const field of this.all(number)) {
      if (field.type === 'bytes') {
        for (const value of await this.source.packedInts(field)) values.push(value);
      } else {
        values.push(Number(BigInt.asIntN(64, this.mustBe(field, 'varint').value)));
      }
    }
    return values;
  }

  async messages(number: number): Promise<readonly Message[]> {
    const messages: Message[] = [];
    for (const field of this.contents(number)) messages.push(await Message.read(this.source, field));
    return messages;
  }

  async message(number: number): Promise<Message | undefined> {
    const field = this.content(number);
    return field && Message.read(this.source, field);
  }

  private mustBe(field: WireField, type: WireField['type']): WireField {
    if (field.type === type) return field;
    const message = t(
      'byte {0}: found field {1} stored as {2}, expected {3}',
      field.offset,
      field.number,
      field.type,
      type,
    );
    throw new Failure('input', 'PROTO_CORRUPT', message);
  }
}
