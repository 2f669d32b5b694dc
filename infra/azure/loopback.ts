/** Whether a URL's host can only be this machine (contracts, Endpoints): 127.0.0.0/8, `::1`, `localhost`. */
export function isLoopback(url: URL): boolean {
  // The URL parser has already turned every spelling of an IPv4 address into four decimal parts.
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(url.hostname);
}
