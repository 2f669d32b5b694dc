import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { actionRisks } from '../../../domain/remediation/actions.ts';
import { actionPermissions } from '../../../domain/remediation/permissions.ts';
import { rules } from '../../../domain/rules/index.ts';

const remediation = resolve(import.meta.dirname, '../../../domain/remediation');
const source = (file: string): string => readFileSync(resolve(remediation, file), 'utf8');

describe('the permissions of actions', () => {
  it('are there for every action and no other', () => {
    expect(Object.keys(actionPermissions).sort()).toEqual(Object.keys(actionRisks).sort());
  });

  it('are said to be of use for exactly the actions that have a plan', () => {
    const planned = [...source('plan-for.ts').matchAll(/case '([\w-]+)':/gu)].map(
      ([, id]) => rules.find((rule) => rule.id === id)?.remediation.action,
    );
    const carriedOut = Object.entries(actionPermissions).filter(([, { carriedOut: yes }]) => yes);
    expect(planned.length).toBeGreaterThan(0);
    expect(carriedOut.map(([action]) => action).sort()).toEqual(planned.toSorted());
  });

  it('are those that the plan of consent asks for', () => {
    const [, permission] = /permission: '([\w.]+)'/u.exec(source('plan-consent.ts')) ?? [];
    expect(actionPermissions['grant-consent'].permissions.map(({ name }) => name)).toEqual([permission]);
  });

  it('never read alone', () => {
    const toothless = Object.entries(actionPermissions).filter(
      ([, { permissions }]) => !permissions.some(({ name }) => /write/iu.test(name)),
    );
    expect(toothless).toEqual([]);
  });
});
