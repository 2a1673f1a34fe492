import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { HostToEditor, LayerView, WeightView } from '../../../src/protocol/editor';
import { IconButton } from '../../ui/button';
import { useEditor, useEditorState } from '../editorContext';
import { count } from '../model/text';
import { t } from '../../../src/l10n/translate';

type Pictures = NonNullable<Extract<HostToEditor, { readonly type: 'filters' }>['filters']>;

/** The filters of a convolution as pictures; one channel at a time where there are not three. */
export function Filters({ layer, weight }: { readonly layer: LayerView; readonly weight: WeightView }) {
  const { controller } = useEditor();
  const [channel, setChannel] = useState(0);
  const found = useEditorState((state) => state.filters);
  const { id, weights } = layer;
  const { name } = weight;
  useEffect(() => {
    controller.post({ type: 'filters', layer: id, weight: name, channel });
  }, [controller, id, weights, name, channel]);
  const filters = found?.layer === id && found.weight === name ? found.filters : undefined;
  if (filters === null) return null;
  if (filters === undefined) return <div className="weight-wait" aria-hidden="true" />;
  const { channels, colour, width, height } = filters;
  const shown = filters.pictures.length;
  const what = t('{0} filters of {1}', count(shown), `${height}×${width}`);
  const step = (by: number) => setChannel((channel + by + channels) % channels);
  return (
    <div className="filters">
      <Grid
        filters={filters}
        label={
          colour
            ? t('{0} in colour', what)
            : t('{0}, channel {1} of {2}', what, (found?.channel ?? 0) + 1, channels)
        }
      />
      <div className="filters-foot">
        <span>
          {shown < filters.filters
            ? t('The first {0} of {1} filters', shown, count(filters.filters))
            : t('{0} filters', shown)}
        </span>
        {colour || channels < 2 ? null : (
          <span className="filters-channel" role="group" aria-label={t('Channel')}>
            <IconButton icon="chevron-left" label={t('Previous channel')} onClick={() => step(-1)} />
            <span role="status">{t('Channel {0} of {1}', channel + 1, channels)}</span>
            <IconButton icon="chevron-right" label={t('Next channel')} onClick={() => step(1)} />
          </span>
        )}
      </div>
    </div>
  );
}

/** As many beside each other as are told apart in the panel. */
const COLUMNS = 8;
/** Larger ones are not made smoother by being larger. */
const LARGEST_PIXEL = 12;

function Grid({ filters, label }: { readonly filters: Pictures; readonly label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { width, height, colour, pictures } = filters;
  const columns = Math.min(COLUMNS, pictures.length);
  const rows = Math.ceil(pictures.length / columns);
  const size = { width: columns * (width + 1) - 1, height: rows * (height + 1) - 1 };
  useLayoutEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, context.canvas.width, context.canvas.height);
    pictures.forEach((encoded, place) => {
      const bytes = Uint8Array.from(atob(encoded), (byte) => byte.charCodeAt(0));
      const image = context.createImageData(width, height);
      for (let pixel = 0; pixel < width * height; pixel++) {
        for (let channel = 0; channel < 3; channel++) {
          image.data[pixel * 4 + channel] = bytes[colour ? pixel * 3 + channel : pixel] ?? 0;
        }
        image.data[pixel * 4 + 3] = 255;
      }
      context.putImageData(
        image,
        (place % columns) * (width + 1),
        Math.floor(place / columns) * (height + 1),
      );
    });
  }, [pictures, width, height, colour, columns]);
  return (
    <canvas
      ref={canvas}
      {...size}
      role="img"
      aria-label={label}
      title={t('{0}. Grey is zero, lighter above, darker below.', label)}
      style={{ maxWidth: size.width * LARGEST_PIXEL }}
    />
  );
}
