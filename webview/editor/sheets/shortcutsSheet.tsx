import { Fragment } from 'react';
import { Section } from '../inspector/section';
import { SHORTCUTS } from '../keyboard/keys';
import { Sheet } from './sheet';
import { t } from '../../../src/l10n/translate';

/** Every key of the editor. */
export function ShortcutsSheet() {
  return (
    <Sheet title={t('Keyboard shortcuts')} actions={null}>
      {/* Scrolled by keys: nothing else in it takes the focus. */}
      <div className="shortcut-pages" role="group" aria-label={t('Shortcuts')} tabIndex={0}>
        {SHORTCUTS.map(({ title, shortcuts }) => (
          <Section key={title} title={title}>
            <dl className="shortcuts">
              {shortcuts.map(({ keys, does }) => (
                <div key={keys} className="shortcut">
                  <dt>
                    {keys.split(', ').map((key, place) => (
                      <Fragment key={key}>
                        {place > 0 ? ' ' : null}
                        <kbd>{key}</kbd>
                      </Fragment>
                    ))}
                  </dt>
                  <dd>{does}</dd>
                </div>
              ))}
            </dl>
          </Section>
        ))}
      </div>
    </Sheet>
  );
}
