import { createRoot } from 'react-dom/client';
import { RUN_PANEL_PROTOCOL, type HostToRunPanel, type RunPanelToHost } from '../../src/protocol/runPanel';
import { connect } from '../bridge';
import { selectFieldsOnce } from '../ui/selectAll';
import { isHostToRunPanel } from './hostMessages';
import { createPanelStore } from './panelStore';
import { RunPanel, type Remembered } from './runPanel';
import './metrics.css';

const bridge = connect<HostToRunPanel, RunPanelToHost, Remembered>(isHostToRunPanel);
const store = createPanelStore((listener) => bridge.onMessage(listener));

selectFieldsOnce();

const root = document.getElementById('root');
if (root === null) throw new Error('the page has no element with the id "root" to draw the run panel in');
createRoot(root).render(
  <RunPanel
    store={store}
    post={(message) => bridge.post(message)}
    listen={(listener) => bridge.onMessage(listener)}
    remembered={bridge.remembered()}
    remember={(state) => bridge.remember(state)}
  />,
);
bridge.post({ type: 'ready', protocol: RUN_PANEL_PROTOCOL });
