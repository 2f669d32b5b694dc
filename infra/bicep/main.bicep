// The auditor: it reads Azure and the directory, keeps findings, sends alerts and remediation jobs. Its identity holds Reader in ARM
// and data roles on its own storage and queues, and no permission to write anywhere else. The remediator, an app and an identity
// of its own, is deployed only where it is asked for.
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

@description('Deploy the remediator too, as an app of its own. It changes nothing until its settings switch an action on and its identity is granted what that takes.')
param deployRemediator bool = false

@description('Settings of the remediator as JSON, or the URL of a blob that holds them and that the auditor cannot write; empty means defaults, with which every action is a dry run.')
param remediatorSettings string = ''

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
    identityPrincipalId: identity.outputs.principalId
    role: 'auditor'
    storageName: storage.outputs.name
    hostStorageName: storage.outputs.name
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

module remediatorIdentity 'modules/identity.bicep' = if (deployRemediator) {
  name: 'remediator-identity'
  scope: resourceGroup
  params: {
    name: 'id-remediator-${resourceToken}'
    location: location
    tags: tags
  }
}

module remediatorStorage 'modules/host-storage.bicep' = if (deployRemediator) {
  name: 'remediator-storage'
  scope: resourceGroup
  params: {
    name: 'str${resourceToken}'
    location: location
    tags: tags
  }
}

module remediatorRoles 'modules/remediator-roles.bicep' = if (deployRemediator) {
  name: 'remediator-roles'
  scope: resourceGroup
  params: {
    principalId: remediatorIdentity.outputs.principalId
    storageName: storage.outputs.name
    hostStorageName: remediatorStorage.outputs.name
    serviceBusName: serviceBus.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
  }
}

// It plans again from facts that it reads itself.
module remediatorReader 'modules/reader.bicep' = if (deployRemediator && grantReader) {
  name: 'remediator-reader-${resourceToken}'
  params: {
    principalId: remediatorIdentity.outputs.principalId
  }
}

module remediatorApp 'modules/function-app.bicep' = if (deployRemediator) {
  name: 'remediator-app'
  scope: resourceGroup
  params: {
    name: 'func-remediator-${resourceToken}'
    planName: 'plan-remediator-${resourceToken}'
    location: location
    tags: tags
    identityId: remediatorIdentity.outputs.id
    identityClientId: remediatorIdentity.outputs.clientId
    identityPrincipalId: remediatorIdentity.outputs.principalId
    role: 'remediator'
    storageName: storage.outputs.name
    hostStorageName: remediatorStorage.outputs.name
    deploymentContainerName: remediatorStorage.outputs.deploymentContainerName
    serviceBusName: serviceBus.outputs.name
    applicationInsightsName: monitoring.outputs.applicationInsightsName
    auditSchedule: auditSchedule
    outboxSchedule: outboxSchedule
    sweepSchedule: sweepSchedule
    watchSchedule: watchSchedule
    settings: remediatorSettings
    subscriptions: subscriptions
    apiAudience: apiAudience
  }
  dependsOn: [remediatorRoles]
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
output REMEDIATOR_FUNCTION_APP string = deployRemediator ? remediatorApp.outputs.name : ''
@description('Object id of the identity that needs what kerbwatch permissions --role remediator lists; empty where it is not deployed.')
output REMEDIATOR_PRINCIPAL_ID string = deployRemediator ? remediatorIdentity.outputs.principalId : ''
