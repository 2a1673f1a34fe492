/** What a person takes out of the run panel as a file: the host asks where to, and writes. */
export type RunExportToHost =
  /** Every step and epoch with its metrics, as CSV. */
  | { readonly type: 'exportMetrics'; readonly id: string }
  /** The run as a Markdown document with pictures of its curves beside it. */
  | { readonly type: 'exportReport'; readonly id: string }
  /** A copy of the model that the run wrote. */
  | { readonly type: 'exportModel'; readonly id: string }
  | {
      /** A chart as the page has drawn it. */
      readonly type: 'saveChart';
      readonly id: string;
      /** By Keras's history name. */
      readonly metric: string;
      readonly extension: 'svg' | 'png';
      /** Text; of a PNG base64. */
      readonly content: string;
    };
