import type { actionRisks } from './actions.ts';

/** What a security lead has to know of an action before switching it on. Sentences without a full stop at the end. */
export interface ActionNotes {
  /** What one job writes, and to what. */
  readonly writes: string;
  /** Whom it touches when it does what it should. */
  readonly reaches: string;
  /** What can go wrong, and what is done against it. */
  readonly goesWrong: string;
  /** What undo does, and what that costs. */
  readonly undo: string;
}

const sameMoment =
  'Somebody else edits the same object at the same moment: what is there is compared before the write and read again after it';
const stops = 'a clash opens a critical finding and stops the action';
const lostUpdate = `${sameMoment}, and the audit records of Entra are looked at later for a change that the write replaced; ${stops}`;
/** Of the file service. */
const lostSettings = `${sameMoment}; ${stops}. Of a change that the write itself replaced Azure keeps no record`;

/** By action; what it writes is what its plan says (domain facts 5). */
export const actionNotes: Readonly<Record<keyof typeof actionRisks, ActionNotes>> = {
  'grant-consent': {
    writes: 'A tenant-wide grant of openid, profile and User.Read of Microsoft Graph to the storage app of one account',
    reaches: 'Everybody who mounts a share of the account: without the grant nobody gets a ticket',
    goesWrong:
      "The app is not what it seems: only an app that carries all marks of the account's own gets a grant, its owners and credentials read afresh, and its maker as far as Entra still knows",
    undo: 'Deletes the grant; nobody gets a ticket for the account until it is given again',
  },
  'add-missing-scopes': {
    writes: 'The scopes of one grant that is there: the old ones and those that are missing',
    reaches: 'Everybody who mounts a share of the account',
    goesWrong: `The call replaces the whole list, so the old scopes are sent along. ${lostUpdate}`,
    undo: 'Writes the old scopes back',
  },
  'add-privatelink-uris': {
    writes: 'The identifier URIs of one application: the old ones and the private link names, spelled alike',
    reaches: 'Those who mount the account through its private endpoint',
    goesWrong: `The tenant restricts identifier URIs and refuses: the job fails and nothing is changed. ${lostUpdate}`,
    undo: 'Writes the old list back; mounts through the private endpoint fail again',
  },
  'assignment-not-required': {
    writes: '"Assignment required" of one service principal: no',
    reaches:
      'Everybody of the tenant may get a ticket for the account then; permissions on the share and its files still decide who gets in',
    goesWrong: 'Somebody meant to let only assigned people in: then waive the finding before switching the action on',
    undo: 'Sets it to yes again; nobody without an assignment gets a ticket',
  },
  'add-cloud-group-tag': {
    writes: 'The tags of one application: the old ones and kdc_enable_cloud_group_sids',
    reaches: 'Those who use the account with groups that exist in the cloud alone',
    goesWrong: `Tickets grow, and somebody in more than 1,010 groups may get none. ${lostUpdate}`,
    undo: 'Writes the old tags back; cloud-only groups count for nothing again',
  },
  'remove-orphaned-exclusion': {
    writes: 'The excluded apps of one Conditional Access policy, without the ids of apps that are gone',
    reaches: 'Nobody: an app that is gone signs nobody in',
    goesWrong: `An app was deleted and is restored within 30 days: its exclusion is gone then. ${lostUpdate}`,
    undo: 'Writes the old list back',
  },
  'exclude-app-from-policy': {
    writes:
      'The excluded apps of one Conditional Access policy: the old ones and the storage apps that it breaks, in one call',
    reaches:
      'Everybody the policy is for, on the shares of the accounts named by the job: they mount without meeting its demand',
    goesWrong: `More gets in without MFA than somebody meant: it is for a person to weigh each time. ${lostUpdate}`,
    undo: 'Writes the old list back; the shares cannot be mounted again. Where somebody has edited the policy since, another person approves that edition first',
  },
  'replace-dangling-exclusion': {
    writes:
      'The excluded apps of one Conditional Access policy: the id of the storage app of today in the place of one that is gone',
    reaches: 'Everybody the policy is for, on the shares of the account',
    goesWrong: `The app that is gone was another one than the plan takes it for: the job names both. ${lostUpdate}`,
    undo: 'Writes the old list back; the shares cannot be mounted again',
  },
  'allow-aes256-kerberos': {
    writes:
      'The SMB settings of one account: Kerberos and AES-256 tickets are allowed beside what was; CORS rules and retention are sent along as they are',
    reaches: 'Everybody connected to a share of the account: clients may be disconnected for a moment',
    goesWrong: `Open files are interrupted: approve it for an hour in which few work. ${lostSettings}`,
    undo: 'Writes the old settings back, which may disconnect clients once more',
  },
};
