/**
 * The development account that Azurite and every storage SDK know. The key is public by design:
 * https://learn.microsoft.com/azure/storage/common/storage-connect-azurite
 */
export const DEV_ACCOUNT_NAME = 'devstoreaccount1';
export const DEV_ACCOUNT_KEY =
  'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
