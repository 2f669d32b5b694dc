import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from './exit-code.ts';
import { isFileError } from './failure.ts';

/**
 * A file that is written whole or not at all: the text goes beside it and then takes its place. What is no ordinary file,
 * such as `/dev/null` or a pipe, is written to. Whether the place can be written is asked at once, before any work.
 *
 * @throws UsageError here and from the function returned, which writes
 */
export async function openWhole(path: string): Promise<(text: string) => Promise<void>> {
  return sayingWhere(path, async () => {
    const found = await existing(path);
    if (found?.isDirectory() === true) throw new UsageError(`Cannot write ${path}: it is a directory.`);
    const parent = await existing(dirname(path));
    if (parent?.isDirectory() !== true) {
      throw new UsageError(`Cannot write ${path}: there is no directory ${dirname(path)}.`);
    }
    if (found !== null && !found.isFile()) return (text) => sayingWhere(path, () => writeFile(path, text));
    // A link stays a link, and a file keeps who may read it.
    const target = found === null ? path : await realpath(path);
    const mode = found === null ? {} : { mode: found.mode & 0o777 };
    return (text) =>
      sayingWhere(path, async () => {
        const beside = join(dirname(target), `.${basename(target)}.${randomUUID()}`);
        try {
          await writeFile(beside, text, { flag: 'wx', ...mode });
          await rename(beside, target);
        } catch (error) {
          await rm(beside, { force: true });
          throw error;
        }
      });
  });
}

/** What the file system says against `path`, as a mistake of the caller's. */
export async function sayingWhere<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!isFileError(cause)) throw cause;
    throw new UsageError(`Cannot write ${path}: ${cause.message}`, { cause });
  }
}

async function existing(path: string) {
  try {
    return await stat(path);
  } catch (error) {
    if (isFileError(error) && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
