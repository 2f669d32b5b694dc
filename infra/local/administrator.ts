import type { LocalActor } from './azure/server.ts';

/** The person who makes changes in the embedded cloud: in the sample's story, and at the terminal. */
export const administrator: LocalActor = {
  objectId: '5f0c8a52-6c6e-4a57-9d0c-3f6a3d0b7e21',
  appId: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
  upn: 'administrator@contoso.example',
};
