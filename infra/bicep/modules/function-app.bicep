// One app of Kerbwatch on Flex Consumption, Node 24: the same package, in the role that it is given. Every connection goes by identity; there is no secret among the settings.
param name string
param planName string
param location string
param tags object
param identityId string
param identityClientId string
param identityPrincipalId string

@allowed(['auditor', 'remediator'])
param role string

@description('With the tables, and for the auditor with the collections of its runs.')
param storageName string

@description('For the host and the package: the same for the auditor.')
param hostStorageName string
param deploymentContainerName string
param serviceBusName string
param applicationInsightsName string
param auditSchedule string
param outboxSchedule string
param sweepSchedule string
param watchSchedule string
param settings string
param subscriptions string
param apiAudience string

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': role })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${deploymentContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 2048
        maximumInstanceCount: 40
      }
      runtime: {
        name: 'node'
        version: '24'
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: {
      AzureWebJobsStorage__credential: 'managedidentity'
      AzureWebJobsStorage__clientId: identityClientId
      AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
      ServiceBusConnection__fullyQualifiedNamespace: split(split(serviceBus.properties.serviceBusEndpoint, '/')[2], ':')[0]
      ServiceBusConnection__credential: 'managedidentity'
      ServiceBusConnection__clientId: identityClientId
      APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsights.properties.ConnectionString
      APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
      AZURE_CLIENT_ID: identityClientId
      KERBWATCH_ROLE: role
      KERBWATCH_OBJECT_ID: identityPrincipalId
      KERBWATCH_AUDIT_SCHEDULE: auditSchedule
      KERBWATCH_OUTBOX_SCHEDULE: outboxSchedule
      KERBWATCH_SWEEP_SCHEDULE: sweepSchedule
      KERBWATCH_WATCH_SCHEDULE: watchSchedule
      KERBWATCH_TENANT_ID: tenant().tenantId
      KERBWATCH_SETTINGS: settings
      KERBWATCH_SUBSCRIPTIONS: subscriptions
      KERBWATCH_API_AUDIENCE: apiAudience
    }
  }
}

output name string = app.name
