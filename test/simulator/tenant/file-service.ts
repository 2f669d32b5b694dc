import type { Json } from '../../../domain/model/verdict.ts';

type Properties = Readonly<Record<string, Json>>;

/** The file service of a new account, as ARM shows it: Kerberos and AES-256 are let in, beside others. */
export const newFileService: Properties = fileService('NTLMv2;Kerberos;', 'RC4-HMAC;AES-256;', []);

/** `properties` of a file service with these SMB settings and CORS rules. */
export function fileService(methods: string, encryption: string, corsRules: readonly Json[]): Properties {
  return {
    cors: { corsRules },
    shareDeleteRetentionPolicy: { enabled: true, days: 7 },
    protocolSettings: { smb: { authenticationMethods: methods, kerberosTicketEncryption: encryption } },
  };
}

/** What its SMB settings allow, as words. */
export function smbWords(properties: Properties): {
  readonly authenticationMethods: readonly string[];
  readonly kerberosTicketEncryption: readonly string[];
} {
  const { smb } = properties['protocolSettings'] as { readonly smb: Readonly<Record<string, string>> };
  const words = (member: string): readonly string[] => (smb[member] ?? '').split(';').filter((word) => word !== '');
  return {
    authenticationMethods: words('authenticationMethods'),
    kerberosTicketEncryption: words('kerberosTicketEncryption'),
  };
}
