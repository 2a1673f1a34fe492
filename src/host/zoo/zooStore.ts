import * as vscode from 'vscode';
import type { ZooStore } from '../../zoo/download/weightFile';
import { zooFolder } from '../../zoo/download/zooFolder';
import { withProxySettings } from './proxySettings';
import { t } from '../../l10n/translate';

/** Where weights come from and are kept, by the settings and the environment. */
export function zooStore(): ZooStore {
  const own = vscode.workspace.getConfiguration('modelSurgery.zoo').get('mirror', '').trim();
  const mirror = own || process.env.MODEL_SURGERY_ZOO_MIRROR;
  const http = vscode.workspace.getConfiguration('http');
  const environment = withProxySettings(process.env, {
    proxy: http.get('proxy', ''),
    noProxy: http.get<readonly string[]>('noProxy', []),
    proxySupport: http.get('proxySupport', 'override'),
  });
  const off = t(
    'downloads are off in a workspace that is not trusted; trust it, or begin with random weights',
  );
  return {
    folder: zooFolder(),
    ...(mirror && { mirror }),
    network: { environment },
    ...(!vscode.workspace.isTrusted && { off }),
  };
}
