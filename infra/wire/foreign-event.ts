/** An event of a tenant that is not the one watched. Whose it is stays unsaid: that tenant did not ask to be named here. */
export class ForeignEvent extends Error {
  override readonly name = 'ForeignEvent';

  constructor() {
    super(
      'An Event Grid event of another tenant than KERBWATCH_TENANT_ID was refused: ' +
        'remove the event subscription that sends it, or run Kerbwatch in that tenant',
    );
  }
}
