import { expect, it } from 'vitest';
import { connectServiceBus, ServiceBusSettingsInvalid } from '../../../../infra/azure/service-bus/connection.ts';

it('asks for a credential where the settings name a namespace', async () => {
  let asked = 0;
  const connection = connectServiceBus(
    { ServiceBusConnection__fullyQualifiedNamespace: 'kerb.servicebus.windows.net' },
    {
      credential: () => {
        asked += 1;
        return { getToken: async () => null };
      },
    },
  );
  await connection.close();

  expect(asked).toBe(1);
});

it('must be told where Service Bus is', () => {
  const connect = (): unknown =>
    connectServiceBus({ ServiceBusConnection: '' }, { credential: () => ({ getToken: async () => null }) });

  expect(connect).toThrow(ServiceBusSettingsInvalid);
  expect(connect).toThrow(/ServiceBusConnection__fullyQualifiedNamespace/);
});
