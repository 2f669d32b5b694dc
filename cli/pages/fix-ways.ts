import type { RulePage } from '../../domain/rules/pages/page.ts';

/** The ways to mend a finding, in the order in which a page tells them. */
export function fixWays({ fix }: RulePage): readonly { readonly name: string; readonly text: string }[] {
  return [
    { name: 'Portal', text: fix.portal },
    { name: 'Azure CLI', text: fix.azureCli },
    { name: 'PowerShell', text: fix.powerShell },
    { name: 'Microsoft Graph', text: fix.graph },
  ];
}
