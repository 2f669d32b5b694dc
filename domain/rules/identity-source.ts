const sources = ['AADKERB', 'AD', 'AADDS', 'None'] as const;

export type IdentitySource = (typeof sources)[number];

/** The known `directoryServiceOptions` (domain facts 1.1) that the value is, case ignored; null for a new one. */
export function identitySource(directoryService: string): IdentitySource | null {
  return sources.find((source) => source.toLowerCase() === directoryService.toLowerCase()) ?? null;
}
