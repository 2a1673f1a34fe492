import { fileURLToPath } from 'node:url';
import { abandonWriting } from '../formats/replaceFile';
import { runProgram } from './program';
import { endOnSignal, processTerminal } from './terminal';

// Only this module is sure to lie in `dist/` itself: the bundler moves others to `dist/chunks/`.
const terminal = processTerminal(fileURLToPath(new URL('./trainer.js', import.meta.url)));
endOnSignal(abandonWriting);
process.exitCode = await runProgram(process.argv.slice(2), terminal);
