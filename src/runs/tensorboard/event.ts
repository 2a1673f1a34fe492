import { WireWriter } from '../../formats/protobuf/wireWriter';

/** What the first record of every file says: without it TensorBoard takes the file for one of 2015. */
const FILE_VERSION = 'brain.Event:2';

/**
 * `SessionLog.START`: of what an earlier session wrote, points of this step and later ones are no part of the run any more.
 */
const SESSION_START = 1;

/** Of TensorBoard's DataClass and TensorFlow's DataType. */
const DATA_CLASS_TENSOR = 2;
const DT_STRING = 7;

/** A point of a curve, or a text, under its tag. */
export type Value = { readonly tag: string } & ({ readonly scalar: number } | { readonly text: string });

/**
 * Messages of tensorflow/core/util/event.proto, encoded. Times are milliseconds since 1970 UTC; the file has seconds.
 */
export function versionEvent(time: number): Uint8Array {
  return event(time).text(3, FILE_VERSION).finish();
}

/** @param step the first that is to be written */
export function sessionStartEvent(time: number, step: number): Uint8Array {
  return event(time).int(2, step).message(7, new WireWriter().int(1, SESSION_START)).finish();
}

export function summaryEvent(time: number, step: number, values: readonly Value[]): Uint8Array {
  const summary = new WireWriter();
  for (const value of values) summary.message(1, 'text' in value ? text(value) : scalar(value));
  return event(time).int(2, step).message(5, summary).finish();
}

const event = (time: number): WireWriter => new WireWriter().double(1, time / 1000);

/** As a `simple_value`, which all readers know; TensorBoard itself makes a tensor of it. */
const scalar = ({ tag, scalar: value }: Extract<Value, { scalar: number }>): WireWriter =>
  new WireWriter().text(1, tag).float(2, value);

/** As `tf.summary.text` writes it: a string tensor without axes, drawn as Markdown by the plugin that is named. */
function text({ tag, text: value }: Extract<Value, { text: string }>): WireWriter {
  const plugin = new WireWriter().text(1, 'text');
  const metadata = new WireWriter().message(1, plugin).int(4, DATA_CLASS_TENSOR);
  const tensor = new WireWriter().int(1, DT_STRING).message(2, new WireWriter()).text(8, value);
  return new WireWriter().text(1, tag).message(8, tensor).message(9, metadata);
}
