import type { StorageAccount } from '../../model/storage-account.ts';
import type { Json } from '../../model/verdict.ts';
import { bash, type Command, plainJson, powerShell } from './shell.ts';
import { nothingToTakeBack, type RunbookStep } from './task.ts';

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

/** As of the calls of domain facts 5. */
const storageApiVersion = '2025-08-01';

/** A call of Microsoft Graph. @param path from the origin; bash takes the origin from `$GRAPH`, which signing in sets */
export function graphCall(method: Method, path: string, body?: Json): readonly Command[] {
  const [url, verb] = [encodedPath(path), method.toLowerCase()];
  if (body === undefined) {
    return [
      bash`az rest --method ${verb} --url "\${GRAPH%/}"${url}`,
      powerShell`Invoke-MgGraphRequest -Method ${method} -Uri ${url}`,
    ];
  }
  const json = plainJson(body);
  return [
    bash`az rest --method ${verb} --url "\${GRAPH%/}"${url} --headers ${'Content-Type=application/json'} --body ${json}`,
    powerShell`Invoke-MgGraphRequest -Method ${method} -Uri ${url} -ContentType ${'application/json'} -Body ${json}`,
  ];
}

/** A call of Azure Resource Manager. @param id of the resource, what is below it included */
export function armCall(method: Method, id: string, body?: Json, apiVersion = storageApiVersion): readonly Command[] {
  const path = `${encodedPath(id)}?api-version=${apiVersion}`;
  const verb = method.toLowerCase();
  if (body === undefined) {
    return [
      bash`az rest --method ${verb} --url ${path}`,
      powerShell`Invoke-AzRestMethod -Method ${method} -Path ${path}`,
    ];
  }
  const json = plainJson(body);
  return [
    bash`az rest --method ${verb} --url ${path} --body ${json}`,
    powerShell`Invoke-AzRestMethod -Method ${method} -Path ${path} -Payload ${json}`,
  ];
}

/** Signing in, which every other step rests on. @param scopes of Microsoft Graph, none where Graph is not called */
export function signIn(tenantId: string, account: StorageAccount | null, scopes: readonly string[]): RunbookStep {
  const azure = account === null ? [] : [account.subscriptionId];
  return {
    does: 'Sign in to this tenant. The Azure CLI itself may not hold all permissions on Microsoft Graph; PowerShell asks for those named.',
    commands: [
      bash`az login --tenant ${tenantId}; GRAPH=$(az cloud show --query endpoints.microsoftGraphResourceId --output tsv)`,
      ...azure.map((id) => bash`az account set --subscription ${id}`),
      ...(scopes.length === 0 ? [] : [connect(tenantId, scopes)]),
      ...azure.map((id) => powerShell`Connect-AzAccount -Tenant ${tenantId} -Subscription ${id}`),
    ],
    check: `The sign-in names tenant ${tenantId}.`,
    back: nothingToTakeBack,
  };
}

/** @param scopes written in the code, so that they need no quoting but their own */
function connect(tenantId: string, scopes: readonly string[]): Command {
  const { shell, line } = powerShell`Connect-MgGraph -TenantId ${tenantId}`;
  return { shell, line: `${line} -Scopes ${scopes.map((scope) => `'${scope}'`).join(',')}` };
}

/** Looks at something before and after; changes nothing. */
export function look(does: string, commands: readonly Command[], check: string): RunbookStep {
  return { does, commands, check, back: nothingToTakeBack };
}

/** Encodes what a path must not hold; `%` too, since what comes here is not encoded. The query stays as written. */
function encodedPath(path: string): string {
  const [before = '', ...query] = path.split('?');
  const encoded = before
    .split('/')
    .map((part) => encodeURIComponent(part).replace(/%24/g, '$'))
    .join('/');
  return query.length === 0 ? encoded : `${encoded}?${query.join('?')}`;
}
