import type { SubjectVerdict, TenantVerdicts } from '../rules/rule.ts';

/**
 * What a rule about the tenant tells of, each under its subject. A rule that names no subject, or that cannot tell of the
 * others, has a verdict on the tenant itself, whose id is the subject then.
 * @param tenantId lower case.
 */
export function toldOf({ subjects, others }: TenantVerdicts, tenantId: string): readonly SubjectVerdict[] {
  return subjects.length > 0 && others.outcome === 'pass'
    ? subjects
    : [...subjects, { subject: tenantId, verdict: others }];
}
