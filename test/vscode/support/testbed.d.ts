/** What the tests use of `scripts/testbed.mjs`. */
declare module '*/scripts/testbed.mjs' {
  export function startTestbed(options: {
    readonly workspace: string;
    readonly home?: string;
    readonly port?: number;
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly trust?: boolean;
    readonly language?: string;
    readonly vsix?: string;
  }): Promise<{
    readonly url: string;
    readonly home: string;
    readonly log: string;
    readonly pid: number;
    readonly stop: () => Promise<void>;
  }>;
}
