import { solidColours } from '../../ui/solidColours';

/** Colours of a picture, as `#rrggbb`, by what they are for; each with where the theme has it. */
const SOURCES = {
  background: 'var(--vscode-editor-background)',
  text: 'var(--vscode-editorWidget-foreground)',
  muted: 'var(--muted)',
  edge: 'var(--edge)',
  card: 'var(--card-background)',
  border: 'var(--card-border)',
  mark: 'var(--card-border-hover)',
  frame: 'color-mix(in srgb, var(--vscode-foreground) 3%, var(--vscode-editor-background))',
  oddFrame: 'color-mix(in srgb, var(--vscode-foreground) 6%, var(--vscode-editor-background))',
  frozen: 'var(--frozen-foreground)',
  frozenCard: 'var(--frozen-background)',
  frozenBorder: 'var(--frozen-border)',
  frozenHatch: 'var(--frozen-hatch)',
  grafted: 'var(--new-foreground)',
  error: 'var(--vscode-editorError-foreground)',
  errorCard: 'var(--vscode-inputValidation-errorBackground)',
  warning: 'var(--vscode-editorWarning-foreground)',
  badge: 'var(--vscode-badge-background)',
  badgeText: 'var(--vscode-badge-foreground)',
  box: 'var(--box-stripe)',
  core: 'var(--family-core)',
  convolution: 'var(--family-convolution)',
  pooling: 'var(--family-pooling)',
  normalization: 'var(--family-normalization)',
  activation: 'var(--family-activation)',
  regularization: 'var(--family-regularization)',
  preprocessing: 'var(--family-preprocessing)',
  other: 'var(--family-other)',
  added: 'var(--diff-added)',
  removed: 'var(--diff-removed)',
  changed: 'var(--diff-changed)',
} as const;

export type Palette = Readonly<Record<keyof typeof SOURCES, string>>;

export const PALETTE_NAMES = Object.keys(SOURCES) as readonly (keyof Palette)[];

/** The theme's colours as every reader of SVG knows them. */
export function readPalette(): Palette {
  return solidColours(SOURCES, SOURCES.background);
}
