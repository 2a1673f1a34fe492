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

/**
 * The theme's colours as every reader of SVG knows them: a browser computes `color-mix` to a notation that few do, so
 * each is painted over the background and read again.
 */
export function readPalette(): Palette {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 1;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const probe = document.createElement('span');
  document.body.append(probe);
  const computed = (name: keyof Palette) => {
    probe.style.color = SOURCES[name];
    return getComputedStyle(probe).color;
  };
  const background = computed('background');
  const hex = (colour: string) => {
    if (!context) return colour;
    for (const layer of [background, colour]) {
      context.fillStyle = layer;
      context.fillRect(0, 0, 1, 1);
    }
    const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
    return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  };
  const palette = Object.fromEntries(PALETTE_NAMES.map((name) => [name, hex(computed(name))]));
  probe.remove();
  return palette as Palette;
}
