// What the remediator may do with data. It decides on jobs and carries them out, and reads findings without writing them; its
// permissions in Microsoft Graph and in ARM are granted by hand, for the actions that its settings switch on.
param principalId string
param storageName string
param hostStorageName string
param serviceBusName string
param applicationInsightsName string

var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'

var writtenTableNames = ['jobs', 'approvals']
var readTableNames = ['findings', 'history']
var sentQueueNames = ['audit-work', 'remediation-jobs', 'remediation-results', 'rejected']
// Of audit-work and rejected it takes single messages, when a person has them sent again.
var receivedQueueNames = ['remediation-jobs', 'audit-work', 'rejected']

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

module dataRoles 'data-roles.bicep' = {
  name: 'remediator-data-roles'
  params: {
    principalId: principalId
    storageName: storageName
    serviceBusName: serviceBusName
    applicationInsightsName: applicationInsightsName
    writtenTableNames: writtenTableNames
    readTableNames: readTableNames
    sentQueueNames: sentQueueNames
    receivedQueueNames: receivedQueueNames
  }
}

// The functions host keeps its locks and timers in containers that it creates itself, so this one is for a whole account; it is
// the remediator's own.
resource hostStorageRole 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage.id, principalId, storageBlobDataOwner)
  scope: hostStorage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDataOwner)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
