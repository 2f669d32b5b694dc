import { describe, expect, it } from 'vitest';
import { collected, known, unavailable, type Collection } from '../../../domain/model/collection.ts';
import type { SecurityDefaults } from '../../../domain/model/tenant-policies.ts';
import { securityDefaultsOffOrAccepted } from '../../../domain/rules/security-defaults-off-or-accepted.ts';
import { directory, gap, judgeTenant } from '../build.ts';

const missing = gap('security-defaults');

function judge(securityDefaults: Collection<SecurityDefaults>) {
  const { subjects, others } = judgeTenant(securityDefaultsOffOrAccepted, {
    directory: directory({ securityDefaults }),
  });
  expect(subjects).toEqual([]);
  return others;
}

describe('security-defaults-off-or-accepted: no app can be excluded from security defaults', () => {
  it('is compliant when they are off', () => {
    expect(judge(known([{ isEnabled: false }]))).toMatchObject({
      outcome: 'pass',
      evidence: { isEnabled: false, readFrom: 'security-defaults' },
    });
  });

  it('is not compliant when they are on', () => {
    expect(judge(known([{ isEnabled: true }]))).toMatchObject({
      outcome: 'fail',
      severity: 'high',
      evidence: { isEnabled: true },
      gaps: [],
    });
  });

  it('is not compliant when they are on, whatever else could not be read', () => {
    expect(judge(collected([{ isEnabled: true }], [missing])).outcome).toBe('fail');
  });

  it('could not be evaluated: the answer does not say', () => {
    expect(judge(known([{ isEnabled: null }]))).toMatchObject({
      outcome: 'unknown',
      severity: 'high',
      gaps: [],
      evidence: { isEnabled: null, readFrom: 'security-defaults' },
    });
  });

  it('could not be evaluated: no policy in what was read', () => {
    expect(judge(known([]))).toMatchObject({ outcome: 'unknown', gaps: [] });
  });

  it('could not be evaluated: not read', () => {
    expect(judge(unavailable(missing))).toMatchObject({ outcome: 'unknown', severity: 'high', gaps: [missing] });
  });

  it('says whether there was nothing or nothing was read', () => {
    expect(judge(known([])).title).toBe('No security defaults policy was in what was read');
    expect(judge(unavailable(missing)).title).toBe('The security defaults policy was not read');
  });

  it.each([[[]], [[{ isEnabled: false }]], [[{ isEnabled: null }]]])(
    'could not be evaluated: a policy was lost on the way, and what is left is %j',
    (items) => {
      expect(judge(collected<SecurityDefaults>(items, [missing]))).toMatchObject({
        outcome: 'unknown',
        gaps: [missing],
      });
    },
  );

  it('takes the worst where a snapshot holds several, in whatever order', () => {
    const [on, off, silent] = [{ isEnabled: true }, { isEnabled: false }, { isEnabled: null }];
    expect(judge(known([off, on, silent]))).toEqual(judge(known([silent, on, off])));
    expect(judge(known([off, on, silent])).outcome).toBe('fail');
    expect(judge(known([off, silent])).outcome).toBe('unknown');
    expect(judge(known([silent, off])).outcome).toBe('unknown');
  });
});
