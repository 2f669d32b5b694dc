import { describe, expect, it } from 'vitest';
import { auditedCollections, snapshotCollections } from '../../cli/collections.ts';
import { collectionNames } from '../../domain/model/collection.ts';
import { rules } from '../../domain/rules/index.ts';

describe('what is read', () => {
  it('for an audit is what rules need or can use, each once, and the accounts', () => {
    const used = new Set(rules.flatMap(({ needs, helpedBy }) => [...needs, ...helpedBy]));

    expect(auditedCollections).toEqual(collectionNames.filter((name) => used.has(name) || name === 'storage-accounts'));
  });

  it('for a snapshot is that, and private endpoints', () => {
    expect(snapshotCollections).toEqual(
      collectionNames.filter((name) => auditedCollections.includes(name) || name === 'private-endpoints'),
    );
  });
});
