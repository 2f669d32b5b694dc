/**
 * Microsoft's change to policies for all resources that exclude some (domain facts 3.5). Whether it touches tickets is not
 * documented, so it is a note beside an exclusion and never an outcome.
 */
export const exclusionChange = {
  since: '2026-06-15',
  note: 'Policies for all resources are enforced for baseline scopes too, whatever they exclude; whether that holds for tickets is not documented: mount a share as one of the users to be sure',
} as const;
