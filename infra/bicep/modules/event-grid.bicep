// Changes of storage accounts, and of what leads to them, in this subscription, sent to the function storage-account-changed. Event Grid validates the
// endpoint when the subscription is made, so this can be deployed only after the code. A subscription has one system topic of this
// kind at most.
param name string
@description('Subscribe to resource notifications of this subscription too. Whoever deploys needs Microsoft.ResourceNotifications/systemTopics/subscribeToResources/action.')
param resourceNotifications bool
param functionAppName string
param tags object

var functionName = 'storage-account-changed'

// Only what succeeded matters; the event names the operation, and the function reads the account again before it judges.
var eventTypes = [
  'Microsoft.Resources.ResourceWriteSuccess'
  'Microsoft.Resources.ResourceDeleteSuccess'
  'Microsoft.Resources.ResourceActionSuccess'
]
// Of the 25 values that all advanced filters of a subscription may hold together.
var operationPrefixes = [
  'Microsoft.Storage/storageAccounts/write'
  'Microsoft.Storage/storageAccounts/delete'
  'Microsoft.Storage/storageAccounts/regenerateKey/'
  'Microsoft.Storage/storageAccounts/fileServices/'
  'Microsoft.Storage/storageAccounts/privateEndpointConnection'
  'Microsoft.Network/privateEndpoints/write'
  'Microsoft.Network/privateEndpoints/delete'
  'Microsoft.Authorization/roleAssignments/'
]

resource functionApp 'Microsoft.Web/sites@2024-04-01' existing = {
  name: functionAppName
}

resource systemTopic 'Microsoft.EventGrid/systemTopics@2022-06-15' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}

resource eventSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = {
  parent: systemTopic
  name: functionName
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${functionApp.id}/functions/${functionName}'
        maxEventsPerBatch: 1
      }
    }
    filter: {
      includedEventTypes: eventTypes
      enableAdvancedFilteringOnArrays: true
      advancedFilters: [
        {
          operatorType: 'StringBeginsWith'
          key: 'data.operationName'
          values: operationPrefixes
        }
      ]
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
}

// Resource notifications tell the resource's own time, and of changes that no management event tells of. They name no operation and
// nobody who did it, and cover no file service, share or role assignment: those stay with the management events above. A change that
// both tell of is one audit, since both fall into the same debounce window.
var notificationTypes = [
  'Microsoft.ResourceNotifications.Resources.CreatedOrUpdated'
  'Microsoft.ResourceNotifications.Resources.Deleted'
]
var notifiedResourceTypes = [
  'Microsoft.Storage/storageAccounts'
  'Microsoft.Network/privateEndpoints'
]

resource notificationsTopic 'Microsoft.EventGrid/systemTopics@2022-06-15' = if (resourceNotifications) {
  name: '${name}-notifications'
  location: 'global'
  tags: tags
  properties: {
    source: subscription().id
    topicType: 'Microsoft.ResourceNotifications.Resources'
  }
}

resource notificationsSubscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = if (resourceNotifications) {
  parent: notificationsTopic
  name: functionName
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    destination: {
      endpointType: 'AzureFunction'
      properties: {
        resourceId: '${functionApp.id}/functions/${functionName}'
        maxEventsPerBatch: 1
      }
    }
    filter: {
      includedEventTypes: notificationTypes
      enableAdvancedFilteringOnArrays: true
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.resourceInfo.type'
          values: notifiedResourceTypes
        }
      ]
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
}
