import rhea from 'rhea';

/**
 * A lock token is a UUID. As a delivery tag its first three fields are little-endian, as .NET writes a Guid; in management
 * requests and as text it is in the usual order.
 */
export function uuidBytes(token: string): Buffer {
  return Buffer.from(token.replaceAll('-', ''), 'hex');
}

export function tokenFromUuid(bytes: Buffer): string {
  return rhea.uuid_to_string(bytes);
}

export function deliveryTag(token: string): Buffer {
  return swapGuidFields(uuidBytes(token));
}

export function tokenFromTag(tag: Buffer): string {
  return tokenFromUuid(swapGuidFields(tag));
}

function swapGuidFields(bytes: Buffer): Buffer {
  return Buffer.concat([
    Buffer.from(bytes.subarray(0, 4)).reverse(),
    Buffer.from(bytes.subarray(4, 6)).reverse(),
    Buffer.from(bytes.subarray(6, 8)).reverse(),
    bytes.subarray(8, 16),
  ]);
}
