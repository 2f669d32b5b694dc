import type { ConditionalAccessPolicy, PolicyInclusion } from '../model/conditional-access-policy.ts';
import { readDeviceFilter } from './device-filter.ts';
import { readPlatforms } from './platforms.ts';
import { reading, type Reading } from './reading.ts';
import { unlessMoreSelected } from './unknown-selection.ts';
import { readUsers } from './users.ts';
import { lowered, strangers } from './wire-words.ts';

const webClients: ReadonlySet<string> = new Set(['browser', 'exchangeactivesync', 'eassupported']);
const clients: ReadonlySet<string> = new Set([...webClients, 'other']);
const riskLevels: ReadonlySet<string> = new Set(['low', 'medium', 'high', 'hidden', 'none']);
const insiderRiskLevels: ReadonlySet<string> = new Set(['minor', 'moderate', 'elevated']);
const flows: ReadonlySet<string> = new Set(['devicecodeflow', 'authenticationtransfer']);

/** What each condition that is set leaves of those who mount a share (decision table, rows 12 to 23 and 32). */
export function readConditions(policy: ConditionalAccessPolicy): readonly Reading[] {
  const readings = [
    unlessMoreSelected(readUsers(policy.users), 'users', policy),
    readClientAppTypes(policy.clientAppTypes),
    unlessMoreSelected(readPlatforms(policy.platforms), 'platforms', policy),
    readLocations(policy.locations),
    unlessMoreSelected(readDeviceFilter(policy.deviceFilter), 'devices', policy),
    readRisk('sign-in risk', policy.signInRiskLevels, riskLevels),
    readRisk('user risk', policy.userRiskLevels, riskLevels),
    readRisk('insider risk', policy.insiderRiskLevels, insiderRiskLevels),
    unlessMoreSelected(readFlows(policy.transferMethods), 'authenticationFlows', policy),
    // Row 3 has dealt with policies for such identities alone; beside users it is not known what they do.
    policy.selectsWorkloadIdentities ? reading('undecided', 32, 'workload or agent identities beside users') : null,
    policy.unreadConditions.length === 0
      ? null
      : reading('undecided', 32, `unknown condition: ${policy.unreadConditions.toSorted().join(', ')}`),
  ];
  return readings.filter((one) => one !== null);
}

function readClientAppTypes(types: readonly string[]): Reading {
  const named = lowered(types);
  if (named.size === 0 || named.has('all')) return reading('all', 16, 'all clients');
  if (named.has('mobileappsanddesktopclients')) return reading('all', 16, 'desktop clients');
  const strange = strangers(named, clients);
  if (strange.length > 0) return reading('undecided', 32, `unknown client: ${strange.join(', ')}`);
  if (strangers(named, webClients).length === 0) return reading('none', 17, 'browser or mail clients only');
  return reading('few', 18, 'other clients');
}

function readLocations(locations: PolicyInclusion): Reading | null {
  if (locations.include.length === 0 && locations.exclude.length === 0) return null;
  const everywhere = locations.exclude.length === 0 && lowered(locations.include).has('all');
  return everywhere ? reading('all', 20, 'all locations') : reading('some', 20, 'some locations');
}

function readRisk(name: string, levels: readonly string[], known: ReadonlySet<string>): Reading | null {
  if (levels.length === 0) return null;
  const strange = strangers(lowered(levels), known);
  return strange.length > 0
    ? reading('undecided', 32, `unknown ${name}: ${strange.join(', ')}`)
    : reading('some', 22, name);
}

function readFlows(methods: readonly string[]): Reading | null {
  if (methods.length === 0) return null;
  const strange = strangers(lowered(methods), flows);
  return strange.length > 0
    ? reading('undecided', 32, `unknown authentication flow: ${strange.join(', ')}`)
    : reading('none', 23, 'authentication flows only');
}
