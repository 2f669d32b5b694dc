import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';

const program = resolve(import.meta.dirname, '../../cli/main.ts');
const tenantId = '11111111-2222-4333-8444-555555555555';

describe('an audit of Azure by nobody in particular', () => {
  // A process of its own, since the Azure SDK looks for `az` on the PATH of the process.
  it.each([{}, { KERBWATCH_CLIENT_ID: tenantId }, { KERBWATCH_SETTINGS: 'https://a.blob.core.windows.net/b/c.json' }])(
    'is exit 4 at once, with each way of signing in and what to do: %j',
    async (env) => {
      const child = spawn(process.execPath, [program, 'audit'], {
        env: { ...env, KERBWATCH_TENANT_ID: tenantId, PATH: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });

      const exit = once(child, 'exit') as Promise<[number | null]>;
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), exit]);

      expect([code, stdout]).toEqual([4, '']);
      expect(stderr).toMatch(/^Signing in for (Azure Resource Manager|Microsoft Graph) was refused: /u);
      expect(stderr).toMatch(/^ {2}az: Azure CLI could not be found/mu);
      expect(stderr).toMatch(/^ {2}device code: not asked, since nobody is at a terminal$/mu);
      expect(stderr).toContain(`az login --tenant ${tenantId}`);
    },
  );
});
