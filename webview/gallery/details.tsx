import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { showNumber } from '../../src/core/summary/amounts';
import type { GalleryModel } from '../../src/protocol/gallery';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import type { Options } from './look';
import { OptionsForm } from './optionsForm';
import { Outcome } from './outcome';
import type { Answer } from './useAnswer';
import { LIBRARIES, percent, pixels, PREPROCESSING, roughSize } from './words';
import { t } from '../../src/l10n/translate';

export interface DetailsProps {
  readonly model: GalleryModel;
  readonly options: Options;
  /** Of what the options come to; null till the host has said it. */
  readonly answer: Answer | null;
  readonly cached: boolean;
  readonly trusted: boolean;
  /** They lie over the list. */
  readonly narrow: boolean;
  readonly onChange: (change: Partial<Options>) => void;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** All that is known of a model, and what of it is wanted. */
export function Details(props: DetailsProps) {
  const { model, options, answer, cached, trusted, narrow, onChange, onOpen, onClose } = props;
  const { name, family, library, year, parameters, bytes, input, leastInput, top1, preprocess, licence } =
    model;
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (narrow) place.current?.focus();
  }, [narrow]);

  const paper = year === null ? [] : [t('paper of {0}', year)];
  const file = answer?.result?.file;
  const fetched = !options.random && file?.cached === false;
  const blocked = answer?.problem !== undefined || (fetched && !trusted);
  return (
    <aside
      className="details"
      aria-label={t('Details of {0}', name)}
      ref={place}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (narrow && event.key === 'Escape') onClose();
      }}
    >
      <div className="details-head" data-library={library}>
        {narrow && <IconButton icon="arrow-left" label={t('Back to the list')} onClick={onClose} />}
        <div>
          <h2>{name}</h2>
          <p className="quiet">
            <i className="dot" />
            {[family, LIBRARIES[library].name, ...paper].join(' · ')}
          </p>
        </div>
      </div>
      <div className="details-body">
        <dl className="facts">
          <Fact name={t('Parameters')} note={t('with its top')}>
            {showNumber(parameters)}
          </Fact>
          <Fact name={t('Download')} note={cached ? t('downloaded') : t('with its top')}>
            {roughSize(bytes)}
          </Fact>
          <Fact name={t('Trained at')} note={t('{0} at least', leastInput)}>
            {pixels(input)}
          </Fact>
          <Fact name="Top-1" note={t('ImageNet, 1,000 classes')}>
            {top1 === null ? t('not published') : percent(top1)}
          </Fact>
        </dl>
        <ul className="sentences">
          {top1 !== null && (
            <li>
              <Icon name="target" />
              {t(
                'Right on {0} of ImageNet’s 50,000 validation images, as {1} publishes it.',
                percent(top1),
                LIBRARIES[library].name,
              )}
            </li>
          )}
          <li>
            <Icon name="symbol-color" />
            {PREPROCESSING[preprocess].note}
          </li>
          <li>
            <Icon name="law" />
            {t('Weights under {0}.', licence)}
          </li>
        </ul>
        <OptionsForm {...{ model, options, onChange }} problem={answer?.problem} />
        <Outcome {...{ model, options, answer }} />
      </div>
      <div className="details-foot">
        <Button
          appearance="primary"
          icon={fetched ? 'cloud-download' : 'go-to-file'}
          disabled={blocked}
          onClick={onOpen}
        >
          {fetched ? (file.begun > 0 ? t('Resume and open…') : t('Download and open…')) : t('Open…')}
        </Button>
        <span className="quiet">
          {fetched && !trusted
            ? t('Trust the workspace, or begin with random weights')
            : t('Asks where to save')}
        </span>
      </div>
    </aside>
  );
}

function Fact({
  name,
  note,
  children,
}: {
  readonly name: string;
  readonly note: string;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {children}
        <small>{note}</small>
      </dd>
    </div>
  );
}
