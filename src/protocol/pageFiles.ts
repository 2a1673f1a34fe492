/** A file that a page has made, to be written where people say: the host asks. */
export type SaveFile =
  | {
      readonly type: 'saveFile';
      readonly of: 'summary';
      readonly extension: 'txt' | 'md' | 'csv';
      readonly content: string;
    }
  | {
      readonly type: 'saveFile';
      readonly of: 'picture';
      readonly extension: 'svg' | 'png';
      /** Text; of a PNG base64. */
      readonly content: string;
    };
