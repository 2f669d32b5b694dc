/** The subscription of an ARM id, lower case; an empty text where there is none. */
export function subscriptionOf(armId: string): string {
  return /^\/subscriptions\/([^/]+)(?:\/|$)/i.exec(armId)?.[1]?.toLowerCase() ?? '';
}
