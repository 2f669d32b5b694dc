/** Whether a parsed URL leads to this machine and nowhere else: 127.0.0.0/8, ::1 or `localhost`. */
export function isLoopback(url: URL): boolean {
  // The URL parser has already turned 127.1 and 0x7f000001 into four decimal parts.
  return url.hostname === 'localhost' || url.hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(url.hostname);
}
