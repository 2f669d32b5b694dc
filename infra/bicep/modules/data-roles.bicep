// Data roles of one identity, each on the smallest thing that has one: a role on a table or a queue is for that one alone.
param principalId string
param storageName string
param serviceBusName string
param applicationInsightsName string

@description('Tables it may write to.')
param writtenTableNames array

@description('Tables it may read, and whose rows it may add and remove but not change.')
param addedTableNames array = []

@description('Tables it may only read.')
param readTableNames array

@description('Queues it sends to.')
param sentQueueNames array

@description('Queues it receives from, with their dead letters.')
param receivedQueueNames array

var roleIds = {
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  storageTableDataReader: '76199698-9eea-4c19-bc75-cec21354c6b6'
  serviceBusDataReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusDataSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName

  resource tableService 'tableServices' existing = {
    name: 'default'
  }
}

resource writtenTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = [
  for tableName in writtenTableNames: {
    parent: storage::tableService
    name: tableName
  }
]

resource addedTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = [
  for tableName in addedTableNames: {
    parent: storage::tableService
    name: tableName
  }
]

resource readTables 'Microsoft.Storage/storageAccounts/tableServices/tables@2024-01-01' existing = [
  for tableName in readTableNames: {
    parent: storage::tableService
    name: tableName
  }
]

resource serviceBus 'Microsoft.ServiceBus/namespaces@2024-01-01' existing = {
  name: serviceBusName
}

resource sentQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [
  for queueName in sentQueueNames: {
    parent: serviceBus
    name: queueName
  }
]

resource receivedQueues 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' existing = [
  for queueName in receivedQueueNames: {
    parent: serviceBus
    name: queueName
  }
]

resource applicationInsights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: applicationInsightsName
}

resource writeTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (tableName, index) in writtenTableNames: {
    name: guid(storage.id, tableName, principalId, roleIds.storageTableDataContributor)
    scope: writtenTables[index]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageTableDataContributor)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

// No built-in role adds rows without changing them.
resource rowAdder 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (!empty(addedTableNames)) {
  name: guid(storage.id, 'row-adder')
  properties: {
    roleName: 'Kerbwatch table row adder ${storageName}'
    description: 'Reads, adds and removes rows of a table, and changes none.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/read'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action'
          'Microsoft.Storage/storageAccounts/tableServices/tables/entities/delete'
        ]
      }
    ]
  }
}

resource addToTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (tableName, index) in addedTableNames: {
    name: guid(storage.id, tableName, principalId, 'row-adder')
    scope: addedTables[index]
    properties: {
      roleDefinitionId: rowAdder.id
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource readOnlyTables 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (tableName, index) in readTableNames: {
    name: guid(storage.id, tableName, principalId, roleIds.storageTableDataReader)
    scope: readTables[index]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.storageTableDataReader)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource sendToQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queueName, index) in sentQueueNames: {
    name: guid(serviceBus.id, queueName, principalId, roleIds.serviceBusDataSender)
    scope: sentQueues[index]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataSender)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource receiveFromQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queueName, index) in receivedQueueNames: {
    name: guid(serviceBus.id, queueName, principalId, roleIds.serviceBusDataReceiver)
    scope: receivedQueues[index]
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.serviceBusDataReceiver)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

resource publishMetrics 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(applicationInsights.id, principalId, roleIds.monitoringMetricsPublisher)
  scope: applicationInsights
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
