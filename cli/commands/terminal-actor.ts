import type { Actor } from '../../domain/findings/finding.ts';

/** Who changes the embedded cloud's store at a terminal: its administrator, since nobody signs in there. */
export async function actorAtTerminal(): Promise<Actor> {
  const { administrator } = await import('../../infra/local/administrator.ts');
  return { kind: 'user', objectId: administrator.objectId };
}
