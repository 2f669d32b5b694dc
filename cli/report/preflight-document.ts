import type { Forecast } from '../../domain/audit/preflight.ts';
import type { SecondOpinion } from '../../domain/audit/second-opinion.ts';
import type { ConditionalAccessPolicy } from '../../domain/model/conditional-access-policy.ts';
import type { EntraSays } from '../ask-entra.ts';
import { stateWord } from './preflight-state.ts';

/** One policy of a file, and what it would do. */
export interface JudgedPolicy {
  /** As it was typed. */
  readonly file: string;
  readonly policy: ConditionalAccessPolicy;
  readonly forecast: Forecast;
}

/** The document of `--format json` (contracts.md, Preflight JSON). `whatIf` is there only where it was asked for. */
export function preflightDocument(judged: readonly JudgedPolicy[], entra: EntraSays | null): object {
  return {
    schema: 'kerbwatch.preflight/v1',
    policies: judged.map(({ file, policy, forecast }) => ({
      file,
      id: policy.id,
      displayName: policy.displayName,
      state: stateWord(policy.state),
      effectIfEnabled: forecast.effectIfEnabled,
      effect: forecast.effect,
      severity: forecast.severity,
      reasons: forecast.reasons,
      accounts: forecast.accounts,
    })),
    ...(entra === null ? {} : { whatIf: whatIfDocument(entra) }),
  };
}

function whatIfDocument({ user, userId, asked, leftOut, policies, failures, gaps }: EntraSays): object {
  return {
    user,
    userId,
    complete: failures.length === 0 && gaps.length === 0,
    missing: [...failures, ...gaps].map(({ reason, needs }) => ({ reason, needs })),
    apps: asked.map(({ account, target }) => ({ account, appId: target.appId })),
    appsLeftOut: leftOut,
    policies: policies.map(opinionDocument),
  };
}

function opinionDocument({ policy, sameAsInTenant, opinions }: SecondOpinion): object {
  return {
    id: policy.id,
    displayName: policy.displayName,
    inTenant: opinions.length > 0,
    sameAsInTenant,
    differs: opinions.some(({ differs }) => differs),
    opinions: opinions.map(({ account, appId, ours, entra, analysisReasons, differs }) => ({
      account,
      appId,
      kerbwatch: ours,
      entra,
      analysisReasons,
      differs,
    })),
  };
}
