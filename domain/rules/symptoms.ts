/** What somebody sees when something is wrong, and what to look at. Texts are plain, without Markdown. */
export interface Symptom {
  readonly id: string;
  /** What people read on the screen or type into a search; the first is the entry's title. */
  readonly phrases: readonly string[];
  readonly meaning: string;
  /** The likeliest first. */
  readonly causes: readonly SymptomCause[];
  /** What cannot be seen from the cloud, and how to look. */
  readonly byHand: readonly string[];
}

export interface SymptomCause {
  /** Id of the rule that checks for it; null where none can. */
  readonly rule: string | null;
  readonly text: string;
}

const signInLog =
  'Entra sign-in logs (interactive and non-interactive), filtered by the application ‹[Storage Account] HOST›: the failure code names the policy or the missing consent.';
const legacyMfa =
  'MFA switched on per user in the legacy portal reaches every app and cannot be read here: look at the user under Per-user MFA.';
const clientSetting =
  'The client must ask for cloud tickets: CloudKerberosTicketRetrievalEnabled = 1 under HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters or HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\Parameters; then a restart, or dsregcmd /RefreshPrt and lock and unlock.';
const ticketTry = 'On the client: klist purge, then klist get cifs/HOST. Its message says whether a ticket is issued.';
const realmMap =
  'No realm mapping may send the host elsewhere: HKLM\\SYSTEM\\CurrentControlSet\\Control\\Lsa\\Kerberos\\HostToRealm must not map it, or .file.core.windows.net, to the domain.';
const joined =
  'The device must be Entra joined or hybrid joined (dsregcmd /status: AzureAdJoined YES, AzureAdPrt YES); joined to a domain alone works only with a cloud trust.';
const services =
  'The services WinHttpAutoProxySvc and iphlpsvc must be running, and no debugging proxy such as Fiddler.';
const reachEntra = 'The client must reach login.microsoftonline.com on port 443.';
const fileRights =
  'Directory and file permissions (Windows ACLs) apply after the share-level right: check them with icacls from a client that reaches a domain controller.';

/** The error catalogue (domain facts 2.3, and the troubleshooting parts of the articles). */
export const symptoms: readonly Symptom[] = [
  {
    id: 'system-error-1327',
    phrases: [
      'System error 1327: account restrictions are preventing this user from signing in',
      '0x8007052F',
      '0xC000006E',
      'blank passwords are not allowed, sign-in times are limited, or a policy restriction has been enforced',
      'MFA is demanded when mounting a share',
      'AADSTS50076: you must use multi-factor authentication to access',
      'multifactor authentication',
      'AADSTS50079',
    ],
    meaning:
      'Entra refused the ticket because somebody would have to answer a prompt: MFA is demanded of the storage app, and nobody can answer it while a share is mounted.',
    causes: [
      { rule: 'mfa-excluded', text: 'A Conditional Access policy demands MFA and does not exclude the storage app.' },
      {
        rule: 'mfa-exclusion-not-orphaned',
        text: 'The policy excludes an app that is gone: switching Entra Kerberos off and on made a new one.',
      },
      { rule: 'security-defaults-off-or-accepted', text: 'Security defaults demand MFA, and no app can be excluded.' },
      { rule: 'conditional-access-not-blocking', text: 'A policy blocks the sign-in outright.' },
    ],
    byHand: [signInLog, legacyMfa],
  },
  {
    id: 'system-error-1326',
    phrases: [
      'System error 1326: the user name or password is incorrect',
      '0x8007052E',
      '0xC000006D',
      'The username or password is incorrect',
      'A prompt for credentials appears',
      'Windows asks for a user name and password',
      'Enter network credentials',
      'The share cannot be mounted through a private link or private endpoint',
    ],
    meaning:
      'Windows got no Kerberos ticket for the name it used, fell back to NTLM, and the account does not know that user.',
    causes: [
      { rule: 'private-link-spn', text: 'The share is reached by a private link name that the app does not have.' },
      { rule: 'storage-app-present', text: 'The storage app or its service principal is missing or disabled.' },
      { rule: 'spn-set-complete', text: 'The app lacks a name for the host, or has it in an odd case.' },
      { rule: 'kerberos-aes256-allowed', text: 'The SMB settings of the account allow no Kerberos, or no AES-256.' },
      { rule: 'consent-granted', text: 'Nobody granted consent to the app, so no ticket is issued.' },
      { rule: 'sp-password-expiry', text: 'The password of the service principal has expired.' },
      { rule: 'single-ad-source', text: 'The account uses another identity source than the clients expect.' },
    ],
    byHand: [ticketTry, clientSetting, realmMap, joined, services],
  },
  {
    id: 'system-error-5',
    phrases: [
      'System error 5: access is denied',
      '0x80070005',
      '0xC0000022',
      'You do not have permission to access the share',
    ],
    meaning: 'The ticket was accepted, but it carries no right on this share, or on this directory.',
    causes: [
      { rule: 'share-permission-assigned', text: 'Nobody, or not this user, has a share-level right.' },
      { rule: 'cloud-only-group-tag', text: 'The groups of a cloud-only user are not in the ticket.' },
    ],
    byHand: [
      'A role that was just assigned takes up to 30 minutes; then klist purge and mount again.',
      fileRights,
      'The user must be in the tenant of the account: guests are supported for FSLogix on Azure Virtual Desktop only.',
      'The storage firewall must admit the client: storage account, Networking.',
    ],
  },
  {
    id: 'system-error-53',
    phrases: [
      'System error 53: the network path was not found',
      '0x80070035',
      'System error 67: the network name cannot be found',
    ],
    meaning: 'The client does not reach the file service, or the share is not there. No ticket was asked for yet.',
    causes: [
      { rule: 'account-supports-smb', text: 'The kind of account, or its settings, cannot serve SMB shares.' },
      { rule: null, text: 'Port 445 is closed between client and storage account.' },
      {
        rule: null,
        text: 'The name resolves to the wrong address, as with a private endpoint whose DNS zone is not linked.',
      },
    ],
    byHand: [
      'Test-NetConnection HOST -Port 445 on the client; many providers and firewalls close it.',
      'nslookup HOST: inside the network a private endpoint must answer with its private address.',
      'The share name in \\\\HOST\\SHARE, and whether the share is an SMB share: NFS shares do not use Entra Kerberos.',
    ],
  },
  {
    id: 'cannot-contact-domain-controller',
    phrases: [
      'The system cannot contact a domain controller to service the authentication request',
      'cannot contact a domain controller',
      'There are currently no logon servers available to service the logon request',
      'System error 1311',
      '0xC000005E',
      'We cannot sign you in with this credential because your domain is not available',
      'no line of sight to a domain controller',
    ],
    meaning:
      'Windows looked for a domain controller because it did not turn to Entra for this host, or got no ticket there. The domain is rarely what is wrong.',
    causes: [
      { rule: 'storage-app-present', text: 'The storage app or its service principal is missing or disabled.' },
      { rule: 'spn-set-complete', text: 'The app lacks a name for the host.' },
      { rule: 'private-link-spn', text: 'The share is reached by a private link name that the app does not have.' },
      { rule: 'consent-granted', text: 'Nobody granted consent to the app.' },
      {
        rule: 'single-ad-source',
        text: 'The account uses AD DS after all, whose domain controllers are out of reach.',
      },
    ],
    byHand: [clientSetting, realmMap, reachEntra, services, ticketTry],
  },
  {
    id: 'aadsts65001',
    phrases: [
      'AADSTS65001: the user or administrator has not consented to use the application',
      'No Kerberos ticket is issued',
      'Admin consent is missing',
    ],
    meaning:
      'The storage app has no tenant-wide consent for openid, profile and User.Read. It is never given by itself.',
    causes: [
      { rule: 'consent-granted', text: 'Consent was never granted, or a new app took the place of the old one.' },
      { rule: 'storage-app-present', text: 'There is no enabled service principal to grant it to.' },
      { rule: 'storage-app-unambiguous', text: 'Consent was granted to another app that claims the same account.' },
    ],
    byHand: [signInLog],
  },
  {
    id: 'aadsts50105',
    phrases: [
      'AADSTS50105: the signed in user is not assigned to a role for the application',
      'user is not assigned to the application',
      'Assignment required',
    ],
    meaning: 'The service principal demands an assignment. Even users who are assigned get no ticket then.',
    causes: [{ rule: 'app-assignment-not-required', text: 'Assignment required is set to yes.' }],
    byHand: [],
  },
  {
    id: 'aadsts53003',
    phrases: ['AADSTS53003: access has been blocked by Conditional Access policies', 'blocked by a policy'],
    meaning: 'A Conditional Access policy blocks the sign-in, so no ticket is issued.',
    causes: [
      { rule: 'conditional-access-not-blocking', text: 'A policy blocks the storage app, for everybody or for some.' },
      { rule: 'mfa-excluded', text: 'A policy demands what a Kerberos client cannot answer.' },
    ],
    byHand: [signInLog],
  },
  {
    id: 'service-principal-password-expired',
    phrases: [
      'Service principal password has expired in Microsoft Entra ID',
      'The service principal password has expired',
      'mounts that worked stop working',
      'worked for six months and then stopped',
    ],
    meaning:
      'The key with which Entra encrypts tickets has lapsed, so no new ones are issued. Accounts of the manual preview are the usual ones.',
    causes: [
      { rule: 'sp-password-expiry', text: 'The password of the service principal is past its end, or near it.' },
      {
        rule: 'app-management-policy-allows-rotation',
        text: 'A policy of the tenant keeps the storage provider from making a new one.',
      },
    ],
    byHand: [ticketTry],
  },
  {
    id: 'enable-bad-request',
    phrases: [
      'The request to Microsoft Graph failed with code BadRequest',
      'The request to Azure AD Graph failed with code BadRequest',
      'The request to AAD Graph failed with code BadRequest',
      'Enabling Microsoft Entra Kerberos fails',
      'Credential type not allowed as per assigned policy',
    ],
    meaning: 'The storage provider could not make the application of the account.',
    causes: [
      {
        rule: 'app-management-policy-allows-rotation',
        text: 'An app management policy forbids passwords on service principals, or caps them below 366 days.',
      },
      {
        rule: 'storage-app-unambiguous',
        text: 'An application with the name of the account is there already, left of the manual preview: delete it.',
      },
      { rule: 'storage-app-not-orphaned', text: 'It may be left of an account that was deleted.' },
    ],
    byHand: ['Entra admin center, App registrations, All applications: look for the bare name of the account.'],
  },
  {
    id: 'consent-greyed-out',
    phrases: ['Grant admin consent is greyed out', 'Grant admin consent disabled', 'cannot click grant admin consent'],
    meaning: 'Whoever is signed in may not grant tenant-wide consent.',
    causes: [
      { rule: null, text: 'The role is missing: Cloud Application Administrator, Application Administrator or above.' },
      { rule: 'consent-granted', text: 'Until somebody grants it, no ticket is issued.' },
    ],
    byHand: ['Roles and administrators, Cloud Application Administrator: who has it.'],
  },
  {
    id: 'uri-tenant-verified-domain',
    phrases: [
      'All newly added URIs must contain a tenant verified domain, tenant ID, or app ID',
      'Failed to update identifier URIs',
    ],
    meaning: 'The tenant allows identifier URIs only in the forms it knows, so a bare CIFS/HOST is refused.',
    causes: [
      { rule: 'private-link-spn', text: 'Private link names were being added to the app.' },
      { rule: 'spn-set-complete', text: 'Missing names were being added to the app.' },
    ],
    byHand: ['Add the forms api://TENANT_ID/CIFS/HOST; for the bare ones the restriction needs an exception.'],
  },
  {
    id: 'ticket-encryption',
    phrases: [
      'The Kerberos service ticket cannot be decrypted',
      'The encryption type requested is not supported by the KDC',
      'unsupported Kerberos encryption types',
      'SupportedEncryptionTypes lacks AES',
      'every mount fails',
      'AES-256 is not allowed',
    ],
    meaning: 'Tickets of Entra are always AES-256, and one side does not allow that.',
    causes: [
      { rule: 'kerberos-aes256-allowed', text: 'The SMB settings of the account leave out AES-256 or Kerberos.' },
    ],
    byHand: [
      'On the client SupportedEncryptionTypes under HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\Kerberos\\Parameters must include AES, or be absent; restart afterwards.',
    ],
  },
  {
    id: 'stops-after-ten-hours',
    phrases: [
      'Access stops after about 10 hours',
      'The share is lost after ten hours',
      'ticket expired and cannot be renewed',
    ],
    meaning: 'A cloud ticket cannot be renewed; when it ends, only a new sign-in brings another.',
    causes: [{ rule: null, text: 'The session lasted longer than the ticket, about ten hours.' }],
    byHand: [
      'Sign out and in again, or lock and unlock.',
      'For sessions that have to last longer a cloud trust between AD DS and Entra helps.',
    ],
  },
  {
    id: 'stops-after-network-change',
    phrases: [
      'Access stops after a network change',
      'The share fails after connecting a VPN',
      'fails after switching Wi-Fi',
    ],
    meaning: 'Windows forgot where to send Kerberos requests for Entra: the KDC proxy entry was dropped.',
    causes: [{ rule: null, text: 'No policy holds the KDC proxy entry.' }],
    byHand: [
      'Set the policy Specify KDC proxy servers for Kerberos clients: KERBEROS.MICROSOFTONLINE.COM = <https login.microsoftonline.com:443:TENANT_ID/kerberos />, with the blanks.',
      services,
    ],
  },
  {
    id: 'ad-accounts-stop-after-client-switch',
    phrases: [
      'AD DS accounts stop mounting after the client switch',
      'Shares with on-premises AD no longer mount after CloudKerberosTicketRetrievalEnabled',
      'other storage accounts cannot be mounted after enabling cloud tickets',
    ],
    meaning: 'A client that asks Entra for tickets asks it for every Azure Files host, those on AD DS too.',
    causes: [
      { rule: 'single-ad-source', text: 'The account was meant to use Entra Kerberos too.' },
      { rule: null, text: 'The hosts of AD DS accounts are not mapped to the realm of the domain.' },
    ],
    byHand: [
      'Map each of them: ksetup /addhosttorealmmap HOST REALM, the realm in capitals, or the policy Define host name-to-Kerberos realm mappings.',
    ],
  },
  {
    id: 'no-cloud-ticket',
    phrases: [
      'klist shows no ticket of KERBEROS.MICROSOFTONLINE.COM',
      'klist get krbtgt fails',
      'no cloud TGT after enabling the client setting',
      'dsregcmd RefreshPrt',
    ],
    meaning: 'The client holds no cloud ticket yet. Entra caches the sign-in, and it can take up to four hours.',
    causes: [{ rule: null, text: 'The setting, the join or the Windows version of the client.' }],
    byHand: [
      clientSetting,
      joined,
      'Windows 10 2004 with KB5007253, Windows 11, Server 2022 with KB5007254 or newer; for cloud-only users Windows 11 or Server 2025.',
      services,
      reachEntra,
    ],
  },
  {
    id: 'fslogix-profile',
    phrases: [
      'FSLogix profile does not load',
      'The profile container cannot be attached',
      'temporary profile on Azure Virtual Desktop',
    ],
    meaning: 'The session host could not mount the profile share as the user.',
    causes: [
      { rule: 'mfa-excluded', text: 'A policy demands MFA of the storage app.' },
      { rule: 'consent-granted', text: 'Consent is missing.' },
      { rule: 'sp-password-expiry', text: 'The password of the service principal has expired.' },
      { rule: 'share-permission-assigned', text: 'The user has no right on the share.' },
    ],
    byHand: [
      'The FSLogix profile log names a Windows error: kerbwatch explain with its number says more.',
      clientSetting,
      'On multi-session hosts set it by the settings catalog, not by a custom OMA-URI.',
    ],
  },
  {
    id: 'cloud-only-user',
    phrases: [
      'A cloud-only user cannot access the share',
      'A guest user cannot access the share',
      'groups of cloud-only users have no effect',
      'user belongs to more than 1010 groups',
    ],
    meaning: 'The user has no identity in the domain, or the ticket does not carry the groups.',
    causes: [
      { rule: 'cloud-only-group-tag', text: 'The app lacks the tag that puts cloud-only groups into tickets.' },
      {
        rule: 'share-permission-assigned',
        text: 'Cloud-only users get their right from the default share permission.',
      },
    ],
    byHand: [
      'Cloud-only users need Windows 11 or Server 2025, and the public cloud.',
      'Guests are supported for FSLogix on Azure Virtual Desktop only.',
      'Beyond 1,010 groups no ticket is issued.',
    ],
  },
  {
    id: 'file-explorer-permissions',
    phrases: [
      'ACLs of files and folders cannot be set in File Explorer',
      'Cannot configure directory and file permissions in File Explorer',
      'The permission wizard does not load',
      'Windows File Explorer cannot set NTFS permissions',
      'The Active Directory domain controllers required to find the selected objects are not available',
    ],
    meaning: 'File Explorer looks up users in the domain; the account or the client does not let it.',
    causes: [
      {
        rule: 'domain-properties-paired',
        text: 'The account lacks domain name or domain GUID, or has only one of both.',
      },
    ],
    byHand: ['Set them with icacls instead. Either way the client must reach a domain controller.'],
  },
  {
    id: 'storage-key-mount',
    phrases: [
      'The share can be mounted with the storage account key',
      'users bypass identity with the account key',
      'NTLMv2 is still open',
    ],
    meaning: 'A mount by key or NTLMv2 has every right and no name, whatever the permissions of the share say.',
    causes: [{ rule: 'identity-not-bypassed', text: 'Shared keys or NTLMv2 are still allowed.' }],
    byHand: ['cmdkey /list on the clients shows saved keys.'],
  },
  {
    id: 'too-many-rights',
    phrases: ['Everybody can change permissions on the share', 'users have more rights on the share than assigned'],
    meaning: 'A right that everybody has adds to those that were assigned.',
    causes: [
      {
        rule: 'default-share-permission-not-elevated',
        text: 'The default share permission lets everybody change permissions.',
      },
    ],
    byHand: [fileRights],
  },
  {
    id: 'cloud-trust-not-ready',
    phrases: [
      'CloudTrustDisplay is empty',
      'The CloudTrustDisplay field returns an empty value',
      'LsaCreateTrustedDomainEx 0x549',
      'The cloud trust does not work',
      'trusted domain object is missing',
    ],
    meaning:
      'Clients that are joined to a domain alone get tickets by a trust between AD DS and Entra, and it is not ready.',
    causes: [
      { rule: null, text: 'The trusted domain object was not made; it lives in the domain, where no API shows it.' },
    ],
    byHand: [
      'Get-AzureAdKerberosServer: CloudTrustDisplay must be Microsoft.AzureAD.Kdc.Service.TrustDisplay, and KeyVersion equal CloudKeyVersion.',
      'With 0x549 on a child domain: run Set-AzureAdKerberosServer -SetupCloudTrust on the root domain, and without that switch on the child.',
      'In other clouds than the public one set -TopLevelNames, such as usgovcloudapi.net,windows.net.',
    ],
  },
  {
    id: 'aadds-tenant-not-found',
    phrases: ['AadDsTenantNotFound: unable to locate active tenants with tenant ID'],
    meaning: 'Somebody switched on Microsoft Entra Domain Services for the account, and the tenant has none.',
    causes: [{ rule: 'single-ad-source', text: 'The identity source was meant to be Entra Kerberos.' }],
    byHand: ['It is another identity source than Entra Kerberos; Kerbwatch does not look into it.'],
  },
];
