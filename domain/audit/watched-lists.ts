/** The lists that Microsoft Graph tells changes of; each is also the name of its collection. */
export const deltaLists = ['applications', 'service-principals', 'oauth2-permission-grants'] as const;
export type DeltaList = (typeof deltaLists)[number];

/** All that the watch looks at. Conditional Access has no delta (domain facts 4), so it is listed and compared. */
export const watchedLists = [...deltaLists, 'conditional-access-policies'] as const;
export type WatchedList = (typeof watchedLists)[number];
