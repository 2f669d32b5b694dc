// The auditor: it reads Azure and the directory, keeps findings, sends alerts and remediation jobs. Its identity holds Reader in ARM
// and data roles on its own storage and queues, and no permission to write anywhere else.
targetScope = 'subscription'

@minLength(1)
@maxLength(40)
@description('Name of the azd environment; part of every resource name through a hash.')
param environmentName string

@minLength(1)
@description('Region of all resources. Flex Consumption has to be offered there.')
param location string

@description('Resource group to create; empty means rg-kerbwatch-<environment>.')
param resourceGroupName string = ''

@description('Six-field cron expression in UTC.')
param auditSchedule string = '0 0 2 * * *'

@description('Six-field cron expression in UTC.')
param outboxSchedule string = '0 * * * * *'

@description('When expired waivers are ended and what was left half done is repaired. Six-field cron expression in UTC.')
param sweepSchedule string = '30 */10 * * * *'

@description('When the directory is looked at for changes, as NCRONTAB with seconds. A quiet look costs four requests to Microsoft Graph.')
param watchSchedule string = '0 */5 * * * *'

@description('Settings as JSON, or the URL of a blob that holds them; empty means defaults.')
param settings string = ''

@description('Comma list of subscription ids to audit; empty means every subscription the identity can read.')
param subscriptions string = ''

@description('What access tokens for the HTTP API are issued for: the application ID URI of its registration, its client id, or both as a comma list. Empty: the API refuses everybody.')
param apiAudience string = ''

@description('Subscribe the function storage-account-changed to the events of this subscription. Possible only once the code is deployed.')
param subscribeToEvents bool = false

@description('With subscribeToEvents: subscribe to resource notifications of this subscription too. Whoever deploys needs Microsoft.ResourceNotifications/systemTopics/subscribeToResources/action on it.')
param subscribeToNotifications bool = false

@description('Grant the identity Reader on this subscription. Other subscriptions, or a management group, are granted by hand.')
param grantReader bool = true

var resourceToken = toLower(uniqueString(subscription().id, environmentName, location))
var tags = { 'azd-env-name': environmentName }

resource resourceGroup 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: empty(resourceGroupName) ? 'rg-kerbwatch-${environmentName}' : resourceGroupName
  location: location
  tags: tags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: resourceGroup
  params: {
    name: 'id-auditor-${resourceToken}'
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: resourceGroup
  params: {
    resourceToken: resourceToken
    location: location
    tags: tags
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: resourceGroup
  params: {
    name: 'st${resourceToken}'
    location: location
    tags: tags
  }
}

module serviceBus 'modules/service-bus.bicep' = {
  name: 'service-bus'
  scope: resourceGroup
  params: {
    name: 'sb-${resourceToken}'
    location: location
    tags: tags
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: resourceGroup
  params: {
    principalId: identity.outputs.principalId
    storageName: storage.outputs.name
    serviceBusName: serviceBus.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
  }
}

module reader 'modules/reader.bicep' = if (grantReader) {
  name: 'reader-${resourceToken}'
  params: {
    principalId: identity.outputs.principalId
  }
}

module functionApp 'modules/function-app.bicep' = {
  name: 'function-app'
  scope: resourceGroup
  params: {
    name: 'func-auditor-${resourceToken}'
    planName: 'plan-auditor-${resourceToken}'
    location: location
    tags: tags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    deploymentContainerName: storage.outputs.deploymentContainerName
    serviceBusName: serviceBus.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    auditSchedule: auditSchedule
    outboxSchedule: outboxSchedule
    sweepSchedule: sweepSchedule
    watchSchedule: watchSchedule
    settings: settings
    subscriptions: subscriptions
    apiAudience: apiAudience
  }
  // The host reads its storage at start-up; without the roles the first start fails.
  dependsOn: [roles]
}

module eventGrid 'modules/event-grid.bicep' = if (subscribeToEvents) {
  name: 'event-grid'
  scope: resourceGroup
  params: {
    name: 'evgt-${resourceToken}'
    functionAppName: functionApp.outputs.name
    resourceNotifications: subscribeToNotifications
    tags: tags
  }
}

output AZURE_LOCATION string = location
output AZURE_TENANT_ID string = tenant().tenantId
output AZURE_RESOURCE_GROUP string = resourceGroup.name
output AUDITOR_FUNCTION_APP string = functionApp.outputs.name
@description('Object id of the identity that needs the Graph application permissions.')
output AUDITOR_PRINCIPAL_ID string = identity.outputs.principalId
