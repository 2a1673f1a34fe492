import { memo } from 'react';
import type { CSSProperties } from 'react';
import type { GalleryModel } from '../../src/protocol/gallery';
import { Icon } from '../ui/icon';
import { LIBRARIES, millions, percent, pixels, PREPROCESSING, roughSize } from './words';
import { t } from '../../src/l10n/translate';

export interface ModelRowProps {
  readonly id: string;
  readonly model: GalleryModel;
  readonly cached: boolean;
  /** It is on its way into the workspace. */
  readonly busy: boolean;
  readonly selected: boolean;
  /** The one that Tab comes to. */
  readonly focusable: boolean;
  readonly onShow: (name: string) => void;
  readonly onOpen: (name: string) => void;
}

/** Where a bar of accuracy begins and ends, in per cent: among published models less or more is not found. */
const BAR = [60, 90] as const;

export const ModelRow = memo(function ModelRow(props: ModelRowProps) {
  const { id, model, cached, busy, selected, focusable, onShow, onOpen } = props;
  const { name, library, parameters, bytes, input, top1, preprocess, licence } = model;
  const share = top1 === null ? 0 : Math.min(1, Math.max(0, (top1 - BAR[0]) / (BAR[1] - BAR[0])));
  return (
    <div
      id={id}
      className="model"
      role="option"
      aria-selected={selected}
      tabIndex={focusable ? 0 : -1}
      data-library={library}
      onClick={() => onShow(name)}
      onDoubleClick={() => onOpen(name)}
    >
      <span className="model-name">
        <i className="dot" />
        <b>{name}</b>
        {busy ? (
          <Icon name="loading" spin />
        ) : (
          cached && (
            <span className="model-here" title={t('Opens without a network')}>
              <Icon name="pass-filled" />
              <Said>{t('downloaded')}</Said>
            </span>
          )
        )}
        <small>{LIBRARIES[library].name}</small>
      </span>
      <span className="number" data-name="parameters">
        {millions(parameters)}
        <Said>{t('parameters')}</Said>
      </span>
      <span className="number" data-name="download">
        {roughSize(bytes)}
        <Said>{t('to download')}</Said>
      </span>
      <span className="number" data-name="input">
        {pixels(input)}
        <Said>{t('pixels')}</Said>
      </span>
      <span className="model-top1">
        {top1 === null ? (
          '–'
        ) : (
          <>
            {percent(top1)}
            <Said>{t('top-1')}</Said>
            <i className="meter" style={{ '--share': share } as CSSProperties} />
          </>
        )}
      </span>
      <span className="model-pixels">{PREPROCESSING[preprocess].mode}</span>
      <span className="model-licence">{licence}</span>
    </div>
  );
});

/** What a number is of: a heading says it to the eye. */
function Said({ children }: { readonly children: string }) {
  return <span className="visually-hidden">{` ${children} `}</span>;
}
