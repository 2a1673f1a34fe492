/** What the tests use of `scripts/packaging`. */
declare module '*/scripts/packaging/targets.mjs' {
  export const PLATFORMS: readonly string[];
  export const TARGETS: readonly string[];
  export const UNIVERSAL: string;
  export function targetHere(): string;
  export function partsOf(
    target: string,
  ): readonly { readonly name: string; readonly files: RegExp; readonly of?: string }[];
}

declare module '*/scripts/packaging/stage.mjs' {
  export function stage(target: string, folder: string): Promise<void>;
}

declare module '*/scripts/packaging/contents.mjs' {
  export function faultsOf(target: string, files: readonly string[]): string[];
  export function nativeAmong(files: readonly string[]): string[];
  export function isOf(target: string, file: string): boolean;
}

declare module '*/scripts/packaging/npmPackage.mjs' {
  export function checkIntegrity(bytes: Uint8Array, name: string, integrity: string): void;
}

declare module '*/scripts/packaging/licences.mjs' {
  export const ALLOWED: readonly string[];
  export function identifiersOf(expression: string): string[];
}

declare module '*/scripts/packaging/notices.mjs' {
  export function shippedPackages(target: string): Promise<
    readonly {
      readonly name: string;
      readonly version: string;
      readonly licence: string;
      readonly text: string;
    }[]
  >;
}
