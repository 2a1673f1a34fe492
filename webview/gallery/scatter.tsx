import { useLayoutEffect, useRef, useState } from 'react';
import type { GalleryLibrary, GalleryModel } from '../../src/protocol/gallery';
import { LIBRARIES, millions, percent } from './words';
import { t } from '../../src/l10n/translate';

export interface ScatterProps {
  readonly models: readonly GalleryModel[];
  /** Those that the filters let through; the others stay as a shade. */
  readonly shown: ReadonlySet<GalleryModel>;
  readonly selected: GalleryModel | undefined;
  readonly onSelect: (name: string) => void;
}

const HEIGHT = 188;
const EDGE = { left: 40, right: 16, top: 12, bottom: 28 } as const;
/** Parameters, on a logarithmic axis. */
const X_TICKS = [3e6, 10e6, 30e6, 100e6, 300e6];
const X_RANGE = [2e6, 450e6] as const;
/** Per cent. */
const Y_TICKS = [70, 75, 80, 85];
const Y_RANGE = [66, 88] as const;

/** Accuracy against parameters, a dot a model: the further up and to the left, the more for the memory. */
export function Scatter({ models, shown, selected, onSelect }: ScatterProps) {
  const place = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [hovered, setHovered] = useState<GalleryModel | null>(null);
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)));
    watch.observe(element);
    setWidth(element.clientWidth);
    return () => watch.disconnect();
  }, []);

  const inner = Math.max(0, width - EDGE.left - EDGE.right);
  const x = (parameters: number) =>
    EDGE.left + (inner * Math.log(parameters / X_RANGE[0])) / Math.log(X_RANGE[1] / X_RANGE[0]);
  const y = (top1: number) =>
    HEIGHT -
    EDGE.bottom -
    ((HEIGHT - EDGE.top - EDGE.bottom) * (top1 - Y_RANGE[0])) / (Y_RANGE[1] - Y_RANGE[0]);
  const known = models.flatMap((model) => (model.top1 === null ? [] : [{ model, top1: model.top1 }]));
  // The one that is spoken of is drawn over the others.
  const named = hovered ?? selected;
  const last = (model: GalleryModel) => Number(model === named) + Number(model === selected);
  const ordered = known.toSorted((a, b) => last(a.model) - last(b.model));
  const at = known.find(({ model }) => model === named);
  return (
    <figure className="scatter">
      <figcaption>
        <span>{t('Top-1 accuracy against parameters')}</span>
        {(Object.keys(LIBRARIES) as GalleryLibrary[]).map((library) => (
          <span className="legend" data-library={library} key={library}>
            <i className="dot" />
            {LIBRARIES[library].name}
          </span>
        ))}
      </figcaption>
      <div ref={place} style={{ height: HEIGHT }}>
        {width > 0 && (
          <svg
            width={width}
            height={HEIGHT}
            role="img"
            aria-label={t(
              'Accuracy against parameters of {0} models; the list below says the same in numbers',
              shown.size,
            )}
            onPointerLeave={() => setHovered(null)}
          >
            {Y_TICKS.map((tick) => (
              <g key={tick}>
                <line className="grid" x1={EDGE.left} x2={width - EDGE.right} y1={y(tick)} y2={y(tick)} />
                <text className="tick" x={EDGE.left - 6} y={y(tick) + 4} textAnchor="end">
                  {`${tick} %`}
                </text>
              </g>
            ))}
            {X_TICKS.map((tick) => (
              <text className="tick" key={tick} x={x(tick)} y={HEIGHT - 8} textAnchor="middle">
                {`${tick / 1e6} M`}
              </text>
            ))}
            {ordered.map(({ model, top1 }) => (
              <circle
                key={model.name}
                className={shown.has(model) ? 'point' : 'point faded'}
                data-library={model.library}
                data-selected={model === selected || undefined}
                cx={x(model.parameters)}
                cy={y(top1)}
                r={model === named ? 6 : 4}
                onPointerEnter={() => setHovered(model)}
                onClick={() => onSelect(model.name)}
              />
            ))}
            {at && (
              <text
                className="point-name"
                x={x(at.model.parameters) + (x(at.model.parameters) > width * 0.6 ? -10 : 10)}
                y={Math.max(14, y(at.top1) - 8)}
                textAnchor={x(at.model.parameters) > width * 0.6 ? 'end' : 'start'}
              >
                {`${at.model.name} · ${percent(at.top1)} · ${millions(at.model.parameters)}`}
              </text>
            )}
          </svg>
        )}
      </div>
    </figure>
  );
}
