import { PolicyFileInvalid, readPolicyFile, type PolicyFile } from '../infra/policy-file.ts';
import { UsageError } from './exit-code.ts';
import { pipelineSafe } from './report/pipeline-safe.ts';

export interface ReadPolicyFile extends PolicyFile {
  /** As it was typed. */
  readonly file: string;
}

/**
 * The policies of every file, in the order in which the files were named.
 * @throws UsageError naming every file that cannot be judged
 */
export async function readPolicyFiles(files: readonly string[]): Promise<readonly ReadPolicyFile[]> {
  const read: ReadPolicyFile[] = [];
  const messages: string[] = [];
  for (const file of files) {
    try {
      read.push({ file, ...(await readPolicyFile(file)) });
    } catch (error) {
      if (!(error instanceof PolicyFileInvalid)) throw error;
      messages.push(...error.problems.map((problem) => pipelineSafe(`${file}: ${problem}`)));
    }
  }
  if (messages.length > 0) throw new UsageError(messages.join('\n'));
  return read;
}
