import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PolicyFileInvalid, readPolicyFile } from '../../infra/policy-file.ts';
import { temporaryDirectory } from './snapshot/temporary-directory.ts';

/** The body of a policy that does not exist yet. */
const body = {
  displayName: 'MFA für alle',
  state: 'enabled',
  conditions: { applications: { includeApplications: ['All'] }, users: { includeUsers: ['All'] } },
  grantControls: { operator: 'OR', builtInControls: ['mfa'] },
};

/** What `Get-MgIdentityConditionalAccessPolicy | ConvertTo-Json -Depth 10` writes, shortened. */
const fromPowerShell = {
  Id: 'B0B0B0B0-0000-4000-8000-000000000001',
  DisplayName: 'MFA für alle',
  State: 'enabled',
  TemplateId: null,
  Conditions: {
    Applications: {
      ApplicationFilter: { Mode: null, Rule: null },
      ExcludeApplications: [],
      IncludeApplications: ['All'],
      IncludeAuthenticationContextClassReferences: [],
      IncludeUserActions: [],
    },
    ClientAppTypes: ['all'],
    Devices: { DeviceFilter: { Mode: null, Rule: null } },
    InsiderRiskLevels: null,
    Users: {
      IncludeUsers: ['All'],
      ExcludeGroups: [],
      IncludeGuestsOrExternalUsers: { ExternalTenants: { MembershipKind: null }, GuestOrExternalUserTypes: null },
    },
    AdditionalProperties: {},
  },
  GrantControls: { AuthenticationStrength: { Id: null }, BuiltInControls: ['mfa'], Operator: 'OR' },
  AdditionalProperties: { '@odata.type': '#microsoft.graph.conditionalAccessPolicy' },
};

async function fileOf(content: string | Uint8Array, name = 'policy.json'): Promise<string> {
  const path = join(await temporaryDirectory(), name);
  await writeFile(path, content);
  return path;
}

async function read(value: unknown) {
  return readPolicyFile(await fileOf(JSON.stringify(value)));
}

/** The problems of a file that must not be read; its name is in front of each in the message. */
async function problemsOf(path: string): Promise<readonly string[]> {
  const error: unknown = await readPolicyFile(path).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PolicyFileInvalid)) throw new Error(`read, or failed otherwise: ${String(error)}`);
  expect(error.message.split('\n')).toEqual(error.problems.map((problem) => `${path}: ${problem}`));
  return error.problems;
}

async function problemsIn(value: unknown): Promise<string> {
  return (await problemsOf(await fileOf(JSON.stringify(value)))).join('\n');
}

describe('a file of policies', () => {
  it('holds one policy, that need not exist yet', async () => {
    const { policies, remarks } = await read(body);

    expect(policies).toMatchObject([{ id: null, displayName: 'MFA für alle', state: 'enabled' }]);
    expect(remarks).toEqual([]);
  });

  it.each([
    ['a list response', (list: unknown[]) => ({ '@odata.context': 'x', value: list })],
    ['a bare list', (list: unknown[]) => list],
  ])('holds %s, in its order', async (_what, wrap) => {
    const { policies } = await read(
      wrap([
        { ...body, displayName: 'b' },
        { ...body, displayName: 'a' },
      ]),
    );

    expect(policies.map(({ displayName }) => displayName)).toEqual(['b', 'a']);
  });

  it('says that a list goes on elsewhere', async () => {
    const nextLink = { '@odata.nextLink': 'https://graph.microsoft.com/v1.0/x' };
    const { remarks, isWhole } = await read({ value: [body], ...nextLink });

    expect(remarks.join()).toContain('@odata.nextLink');
    expect(isWhole).toBe(false);
    expect((await read({ value: [body] })).isWhole).toBe(true);
    expect((await read([body])).isWhole).toBe(true);
  });

  it.each<[string, (text: string) => Uint8Array]>([
    ['UTF-8', (text) => Buffer.from(text)],
    ['UTF-8 with a byte-order mark', (text) => Buffer.from(`\uFEFF${text}`)],
    ['UTF-16 LE', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
    ['UTF-16 BE', (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()],
  ])('may be in %s', async (_encoding, encode) => {
    const { policies } = await readPolicyFile(await fileOf(encode(JSON.stringify(body, null, 2))));

    expect(policies).toMatchObject([{ displayName: 'MFA für alle' }]);
  });
});

describe('what PowerShell wrote', () => {
  it('reads as what Microsoft Graph returns, and says so', async () => {
    const { policies, remarks } = await read(fromPowerShell);

    const [plain] = (await read({ ...body, id: fromPowerShell.Id.toLowerCase() })).policies;
    expect(policies).toEqual([plain]);
    expect(remarks.join()).toContain('begin with capitals');
  });

  it('has members that its module does not know lifted to where they belong', async () => {
    const AdditionalProperties = { insiderRiskLevels: 'elevated', somethingNew: ['x'] };
    const { policies } = await read({
      ...fromPowerShell,
      Conditions: { ...fromPowerShell.Conditions, AdditionalProperties },
    });

    expect(policies).toMatchObject([{ insiderRiskLevels: ['elevated'], unreadConditions: ['somethingNew'] }]);
  });

  it.each([
    ['in two spellings', { ...body, State: 'disabled' }, 'state: stands there twice, in two spellings'],
    [
      'below another',
      { ...body, conditions: { ...body.conditions, users: { includeUsers: [], IncludeUsers: ['All'] } } },
      'conditions.users.includeUsers: stands there twice',
    ],
    ['in the bag of others', { ...body, AdditionalProperties: { state: 'disabled' } }, 'state: stands there twice'],
  ])('is refused with a member %s', async (_what, value, problem) => {
    expect(await problemsIn(value)).toContain(problem);
  });

  it.each(['@{IncludeUsers=System.Object[]}', 'System.Collections.Hashtable', 'Microsoft.Graph.PowerShell.Models.X'])(
    'is refused where it was cut off to %s',
    async (leftover) => {
      expect(await problemsIn({ value: [{ ...body, conditions: { users: leftover } }] })).toMatch(
        /^value\[0\]\.conditions\.users: .*ConvertTo-Json -Depth 10/u,
      );
    },
  );

  it('may call a policy what it likes', async () => {
    const { policies } = await read({ ...body, displayName: 'System.Admins' });

    expect(policies).toMatchObject([{ displayName: 'System.Admins' }]);
  });
});

describe('a file that holds no policies', () => {
  const right = 'give a Conditional Access policy as JSON';

  it.each<[string, unknown, string]>([
    ['an object without state and conditions', { id: 'x' }, 'it has no state and no conditions'],
    ['one without conditions', { ...body, conditions: null }, 'it has no conditions'],
    ['one without a state', { ...body, state: undefined }, 'it has no state'],
    ['a number', 5, 'holds a number where a policy should be'],
    ['null', null, 'holds null where a policy should be'],
    ['a text', 'x', 'holds a text where a policy should be'],
    ['an ARM template', { $schema: 'https://schema.management.azure.com/x/deploymentTemplate.json#' }, 'ARM template'],
    ['a Terraform configuration', { resource: { azuread_conditional_access_policy: {} } }, 'Terraform configuration'],
    ['a Terraform plan', { terraform_version: '1', planned_values: {} }, 'Terraform plan'],
    ['an empty list', [], 'empty list'],
    ['an empty list response', { value: [] }, 'empty list'],
  ])('is refused: %s', async (_what, value, problem) => {
    const problems = await problemsIn(value);

    expect(problems).toContain(problem);
    expect(problems).toContain(right);
  });

  it('names every place in a list', async () => {
    expect(await problemsOf(await fileOf(JSON.stringify([1, body, { state: 'enabled' }])))).toEqual([
      '[0]: holds a number where a policy should be',
      '[2]: is no Conditional Access policy: it has no conditions',
      expect.stringContaining(right) as string,
    ]);
  });

  it('names ten places of a long list, and counts the others', async () => {
    const problems = await problemsOf(await fileOf(JSON.stringify(Array.from({ length: 1000 }, (_, index) => index))));

    expect(problems).toHaveLength(12);
    expect(problems[10]).toBe('990 more problems like these');
  });

  it('names the member of a policy that is malformed', async () => {
    const value = [{ ...body, conditions: { users: { includeUsers: 'All' } } }];

    expect(await problemsIn(value)).toMatch(/^\[0\]: conditions\.users\.includeUsers: .*ConvertTo-Json -Depth 10/u);
  });

  it.each<[string, unknown, string]>([
    ['a text for an object', { conditions: 'x' }, 'conditions: has to be an object, and is a text'],
    ['a number for a text', { displayName: 5 }, 'displayName: has to be a text, and is a number'],
    ['a list for an object', { conditions: { users: [] } }, 'conditions.users: has to be an object, and is a list'],
    ['an empty state', { state: '' }, 'state: must not be empty'],
  ])('says in plain words that a member is %s', async (_what, over, problem) => {
    const problems = await problemsIn({ ...body, ...(over as object) });

    expect(problems).toContain(problem);
    expect(problems).not.toMatch(/invalid|expected|received|too small/iu);
  });

  it('says where a text stops being JSON', async () => {
    expect(await problemsOf(await fileOf('{\n  "state": enabled\n}'))).toEqual([
      expect.stringMatching(/^line 2, column 12: is not JSON: /u) as string,
    ]);
    expect((await problemsOf(await fileOf('resource "x" "y" {}', 'main.tf'))).join()).toContain('line 1, column 1');
  });

  it('says that a text was cut off', async () => {
    const text = JSON.stringify(body);

    expect((await problemsOf(await fileOf(text.slice(0, 60)))).join()).toContain('it was cut off, so export it again');
    const inCharacter = Buffer.from(text).subarray(0, Buffer.from(text).indexOf('ü') + 1);
    expect((await problemsOf(await fileOf(inCharacter))).join()).toMatch(/cut off; export it again$/u);
  });

  it('refuses a key that stands there twice, which JSON.parse would let pass', async () => {
    expect((await problemsOf(await fileOf('{"state":"enabled","state":"disabled"}'))).join()).toContain('second time');
  });

  it.each(['', ' \n', '\uFEFF'])('is refused where it is empty: %j', async (text) => {
    expect((await problemsOf(await fileOf(text))).join()).toContain('is empty');
  });

  it('is refused where there is none, or a directory', async () => {
    const path = await temporaryDirectory();

    expect(await problemsOf(join(path, 'none.json'))).toEqual(['there is no such file; check the path']);
    expect(await problemsOf(path)).toEqual(['is a directory; name the files in it, for example with DIR/*.json']);
  });

  it('is refused at 50 MB, unread', async () => {
    const path = await fileOf('[');
    await truncate(path, 50 * 1024 * 1024);

    expect((await problemsOf(path)).join()).toContain('is larger than 10 MB');
  });

  it('is refused where it is no text', async () => {
    expect((await problemsOf(await fileOf(new Uint8Array([0x7b, 0xff, 0xfe, 0x00])))).join()).toContain('UTF-8');
  });
});
