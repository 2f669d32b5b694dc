// What the auditor may do with its own data. Who writes what is fixed in the contracts: the auditor only reads approvals, adds
// jobs and removes those that are long over without changing any, and receives neither jobs nor what was rejected.
param principalId string
param storageName string
param serviceBusName string
param applicationInsightsName string

var roleIds = {
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
}

var writtenTableNames = ['findings', 'accounts', 'history', 'runs', 'waivers', 'inbox']
var addedTableNames = ['jobs']
var readTableNames = ['approvals']
var sentQueueNames = ['audit-work', 'remediation-jobs', 'rejected']
var receivedQueueNames = ['audit-work', 'remediation-results']

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource alerts 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' existing = {
  parent: serviceBus
  name: 'drift-alerts'
}

module dataRoles 'data-roles.bicep' = {
  name: 'auditor-data-roles'
  params: {
    principalId: principalId
    storageName: storageName
    serviceBusName: serviceBusName
    applicationInsightsName: applicationInsightsName
    writtenTableNames: writtenTableNames
    addedTableNames: addedTableNames
    readTableNames: readTableNames
    sentQueueNames: sentQueueNames
    receivedQueueNames: receivedQueueNames
  }
}

// The functions host keeps its locks and timers in containers that it creates itself, so this one is for the whole account.
resource hostStorage 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage.id, principalId, roleIds.storageBlobDataOwner)
  scope: storage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageBlobDataOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource alertRoles 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for roleId in [roleIds.serviceBusDataSender, roleIds.serviceBusDataReceiver]: {
    name: guid(alerts.id, principalId, roleId)
    scope: alerts
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]
