/** How the platform writes the key that goes with a command, for tooltips: `Ctrl+Z`, `⌘Z`. */
export const MODIFIER = navigator.userAgent.includes('Mac') ? '⌘' : 'Ctrl+';
