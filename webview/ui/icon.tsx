import '@vscode/codicons/dist/codicon.css';

export interface IconProps {
  /** A codicon's name: `lock`. */
  readonly name: string;
  readonly className?: string;
  readonly spin?: boolean;
  readonly slot?: string;
}

/** Decoration beside words; the words carry the meaning. */
export function Icon({ name, className, spin = false, slot }: IconProps) {
  const classes = ['codicon', `codicon-${name}`, spin ? 'codicon-modifier-spin' : '', className ?? ''];
  return <span className={classes.filter(Boolean).join(' ')} slot={slot} aria-hidden="true" />;
}
