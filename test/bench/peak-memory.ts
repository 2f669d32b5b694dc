/** Loaded before a measured program: when it ends, tells its peak resident set (KiB) on file descriptor 3. */
import { writeSync } from 'node:fs';

process.once('exit', () => {
  writeSync(3, String(process.resourceUsage().maxRSS));
});
