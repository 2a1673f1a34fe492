import { useEffect, useMemo, useRef, useState } from 'react';
import { Button, IconButton } from '../../ui/button';
import { Dropdown } from '../../ui/dropdown';
import { SCALE, toPng } from '../../ui/toPng';
import { useEditor, useEditorState } from '../editorContext';
import { count } from '../model/text';
import type { Drawn } from '../state/editorState';
import { drawPicture } from './drawPicture';
import type { Picture } from './drawPicture';
import { readPalette } from './palette';
import type { Measure } from './pen';
import { whyNotPng } from './png';
import { t, tn } from '../../../src/l10n/translate';

type Format = 'svg' | 'png';
type Scope = 'all' | 'selection';

/** What to draw the graph as, and how large it will be; asked for by a button or a command. */
export function PictureDialog({ drawn }: { readonly drawn: Drawn }) {
  const { controller, store } = useEditor();
  const selection = useEditorState((state) => state.selection);
  const comparison = useEditorState((state) => state.comparison);
  const [format, setFormat] = useState<Format>('svg');
  const [wanted, setScope] = useState<Scope>('all');
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const dialog = useRef<HTMLElement>(null);
  const scope = selection.size === 0 ? 'all' : wanted;
  const picture = useMemo(
    (): Picture =>
      drawPicture(drawn, {
        ...(scope === 'selection' && { only: selection }),
        comparison,
        palette: readPalette(),
        font: getComputedStyle(document.body).fontFamily,
        measure: measureText(),
      }),
    [drawn, scope, selection, comparison],
  );
  const tooLarge = format === 'png' ? whyNotPng(picture) : undefined;
  const nothing =
    picture.cards === 0 ? t('A closed box is drawn when all of its layers are selected.') : undefined;
  const close = () => store.set({ picturing: false });

  useEffect(() => dialog.current?.focus(), []);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const content = format === 'svg' ? picture.svg : await toPng(picture.svg, picture);
      controller.post({ type: 'saveFile', of: 'picture', extension: format, content });
      close();
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  const scale = format === 'png' ? SCALE : 1;
  const said = problem ?? nothing ?? tooLarge;
  return (
    <section
      className="picture-dialog"
      role="dialog"
      aria-label={t('Export picture')}
      tabIndex={-1}
      ref={dialog}
      onKeyDown={(event) => {
        if (event.key === 'Escape') close();
        // Letters are keys of the graph behind.
        event.stopPropagation();
        if (event.key === 'Escape') event.preventDefault();
      }}
    >
      <div className="picture-head">
        <h2>{t('Export picture')}</h2>
        <IconButton icon="close" label={t('Close')} keys="Escape" onClick={close} />
      </div>
      <div className="picture-row">
        <span aria-hidden="true">{t('Graph')}</span>
        <Dropdown
          label={t('What to draw')}
          value={scope}
          options={[
            { value: 'all', label: t('All, as it is drawn now') },
            ...(selection.size > 0
              ? [
                  {
                    value: 'selection' as const,
                    label: tn(
                      selection.size,
                      '{0} selected layer',
                      '{0} selected layers',
                      count(selection.size),
                    ),
                  },
                ]
              : []),
          ]}
          onChange={setScope}
        />
      </div>
      <div className="picture-row">
        <span aria-hidden="true">{t('Format')}</span>
        <Dropdown
          label={t('Format of the picture')}
          value={format}
          options={[
            { value: 'svg', label: t('SVG, sharp at any size') },
            { value: 'png', label: 'PNG' },
          ]}
          onChange={(next) => {
            setProblem(null);
            setFormat(next);
          }}
        />
      </div>
      <p className="picture-size" role="status" data-problem={said !== undefined || undefined}>
        {said ??
          t(
            "{0} × {1} pixels, in the theme's colours",
            count(picture.width * scale),
            count(picture.height * scale),
          )}
      </p>
      <Button
        appearance="primary"
        icon="save-as"
        disabled={busy || nothing !== undefined || tooLarge !== undefined}
        onClick={() => void save()}
      >
        {t('Save as…')}
      </Button>
    </section>
  );
}

/** As wide as the page would draw it, which is what most readers of the picture do too. */
function measureText(): Measure {
  const context = document.createElement('canvas').getContext('2d');
  const { fontFamily } = getComputedStyle(document.body);
  return (text, size, bold) => {
    if (!context) return text.length * size * 0.6;
    context.font = `${bold ? 600 : 400} ${size}px ${fontFamily}`;
    return context.measureText(text).width;
  };
}
