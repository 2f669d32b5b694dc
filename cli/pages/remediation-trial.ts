/** What the trial is run with: two actions switched on, by a person whom the embedded cloud knows. */
const settings = (requester: string): string =>
  JSON.stringify(
    {
      schema: 'kerbwatch.settings/v1',
      watch: { debounceSeconds: 1 },
      remediation: { 'grant-consent': 'auto', 'exclude-app-from-policy': 'approve' },
      brakes: { requesters: [requester] },
    },
    null,
    2,
  );

/**
 * The part of `docs/remediation.md` by which somebody sees a repair wait, run, be taken back and be held, on the embedded cloud.
 * @param requester object id of the sample's security lead
 */
export function remediationTrial(requester: string): string {
  return [
    '## Try it in five minutes',
    'On the embedded cloud, with its sample tenant: nothing real is asked or written. From a clone, in one terminal of bash or zsh:',
    block(
      ['cat > trial.json <<END', settings(requester), 'END', 'npx kerbwatch local --watch --settings trial.json'].join(
        '\n',
      ),
    ),
    'The requester named there is the security lead of the sample, who thereby switched both actions on. Once it stays up it prints lines that begin with `export`. Paste those of the first group, down to the first token, into another terminal, and go on there; of the approver and the security lead keep the tokens:',
    block(
      [
        "APPROVER='<the token printed for the approver>'",
        "LEAD='<the token printed for the security lead>'",
        'export KERBWATCH_TOKEN=$LEAD',
        'curl -X POST "${KERBWATCH_API%/api}/admin/functions/nightly-audit"',
        'npx kerbwatch runs list',
      ].join('\n'),
    ),
    'The last line lists the first audit, the baseline, once it is over: look again after some seconds. Now the fault, which somebody makes who switches Entra Kerberos off and on again for one account, so that it gets another app:',
    block(
      [
        "ACCOUNT=$(npx kerbwatch audit --all --format json | grep -o '/subscriptions/[^\"]*/contosoprofiles\"' | head -1 | tr -d '\"')",
        'fault() {',
        '  for SOURCE in None AADKERB; do',
        '    curl -s -o /dev/null -X PATCH "$KERBWATCH_ARM_ENDPOINT$ACCOUNT?api-version=2025-08-01" \\',
        '      -H "Authorization: Bearer $KERBWATCH_TOKEN" -H \'Content-Type: application/json\' \\',
        '      -d "{\\"properties\\":{\\"azureFilesIdentityBasedAuthentication\\":{\\"directoryServiceOptions\\":\\"$SOURCE\\"}}}"',
        '  done',
        '}',
        'fault',
        'npx kerbwatch jobs list --state all',
      ].join('\n'),
    ),
    'After some seconds there are two jobs: consent was granted by itself, since that is safe, and the exclusion of the app from the policy that asks everybody for MFA waits for approval. Look at it, and try to approve it as the one who switched it on; `jobs show` ends with the digits of its plan:',
    block(
      [
        'JOB=<the id of exclude-app-from-policy>',
        'npx kerbwatch jobs show $JOB',
        'PLAN=<the digits behind --plan>',
        'npx kerbwatch jobs approve $JOB --plan $PLAN',
      ].join('\n'),
    ),
    'It is refused: whoever switched the action on cannot approve it. The approver can:',
    block(
      [
        'export KERBWATCH_TOKEN=$APPROVER',
        'npx kerbwatch jobs approve $JOB --plan $PLAN',
        'npx kerbwatch jobs list --state all',
      ].join('\n'),
    ),
    'The job is `done`. Take it back, which needs no approval since the policy protects more then, and the job is `undone`:',
    block(['npx kerbwatch jobs undo $JOB', 'npx kerbwatch jobs list --state all'].join('\n')),
    'Pull the kill switch, and make the fault once more:',
    block(["npx kerbwatch jobs stop --reason 'Trial'", 'fault', 'npx kerbwatch jobs list --state refused'].join('\n')),
    'Consent, which was granted by itself before, is refused now, and the list says who switched all writes off. Nothing is lost: let it go, and ask for the job again.',
    block(
      [
        "npx kerbwatch jobs go --reason 'Trial is over'",
        'npx kerbwatch jobs requeue <the id of grant-consent>',
        'npx kerbwatch jobs list --state all',
      ].join('\n'),
    ),
    'Ctrl-C in the first terminal ends it all; nothing is kept.',
  ].join('\n\n');
}

function block(text: string): string {
  return ['```', text, '```'].join('\n');
}
