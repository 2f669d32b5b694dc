/** An example for every key of the settings that does something, in the order of the documentation. */
export const settingsExamples = {
  scope: {
    managementGroups: ['mg-production'],
    subscriptions: ['11111111-2222-4333-8444-555555555555'],
    exclude: [{ name: 'legacy*' }, { resourceGroup: 'rg-sandbox', tag: { environment: 'test' } }],
  },
  rules: {
    'single-ad-source': { enabled: false },
    'mfa-excluded': { severity: 'high' },
    'sp-password-expiry': { thresholds: { warnDays: 90 } },
  },
  expectedSource: [
    { match: { tag: { identity: 'on-premises' } }, source: 'AD' },
    { match: {}, source: 'AADKERB' },
  ],
  cloudOnlyUsers: [{ tag: { users: 'cloud-only' } }],
  remediation: { 'grant-consent': 'auto', 'exclude-app-from-policy': 'approve', 'add-missing-scopes': 'off' },
  alerts: [
    {
      channel: 'webhook',
      url: 'https://alerts.contoso.com/kerbwatch',
      secretSetting: 'KERBWATCH_WEBHOOK_SECRET',
      minimumSeverity: 'high',
    },
  ],
  waivers: { requireApproval: true, warnDays: 30 },
  brakes: {
    writesPerHourPerAction: 5,
    writesPerHour: 10,
    stopAfterFailures: 2,
    quietHours: [{ from: '07:00', to: '18:00' }],
    approvalHours: 8,
    requesters: ['11111111-0000-4000-8000-000000000001'],
  },
  watch: { debounceSeconds: 60 },
  retention: { historyDays: 730, inboxDays: 14 },
  privacy: { userPrincipalName: true },
} as const;

/** A whole document of settings, as somebody may begin with. */
export const wholeSettingsExample = {
  $schema: './docs/settings.schema.json',
  schema: 'kerbwatch.settings/v1',
  scope: { exclude: [{ name: 'legacy*' }] },
  rules: { 'sp-password-expiry': { thresholds: { warnDays: 90 } } },
  expectedSource: [{ match: {}, source: 'AADKERB' }],
  remediation: { 'grant-consent': 'approve' },
  alerts: [
    {
      channel: 'webhook',
      url: 'https://alerts.contoso.com/kerbwatch',
      secretSetting: 'KERBWATCH_WEBHOOK_SECRET',
    },
  ],
} as const;
