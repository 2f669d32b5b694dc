// Standard is the least tier with topics, sessions and duplicate detection. No access keys.
param name string
param location string
param tags object

// Both lists as serviceBusTopology in infra/names.ts; a test compares the two. Sessions and duplicate detection cannot be changed
// on a queue that exists.
var queues = [
  {
    name: 'audit-work'
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'PT10M'
      maxDeliveryCount: 5
      lockDuration: 'PT5M'
    }
  }
  {
    name: 'remediation-jobs'
    properties: {
      requiresSession: true
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      maxDeliveryCount: 5
      lockDuration: 'PT5M'
      defaultMessageTimeToLive: 'P7D'
      deadLetteringOnMessageExpiration: true
    }
  }
  {
    name: 'remediation-results'
    properties: {
      maxDeliveryCount: 5
      lockDuration: 'PT5M'
    }
  }
  {
    name: 'rejected'
    properties: {
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      maxDeliveryCount: 5
      lockDuration: 'PT5M'
    }
  }
]

var topic = {
  name: 'drift-alerts'
  properties: {
    requiresDuplicateDetection: true
    duplicateDetectionHistoryTimeWindow: 'P1D'
    defaultMessageTimeToLive: 'P1D'
  }
}

var subscriptionNames = ['webhook', 'teams', 'slack', 'event-grid', 'log-analytics']
var subscriptionProperties = {
  maxDeliveryCount: 5
  lockDuration: 'PT5M'
  deadLetteringOnMessageExpiration: false
}

resource namespace 'Microsoft.ServiceBus/namespaces@2024-01-01' = {
  name: name
  location: location
  tags: tags
  sku: {
    name: 'Standard'
    tier: 'Standard'
  }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
  }
}

resource queueResources 'Microsoft.ServiceBus/namespaces/queues@2024-01-01' = [
  for queue in queues: {
    parent: namespace
    name: queue.name
    properties: queue.properties
  }
]

resource topicResource 'Microsoft.ServiceBus/namespaces/topics@2024-01-01' = {
  parent: namespace
  name: topic.name
  properties: topic.properties
}

resource subscriptionResources 'Microsoft.ServiceBus/namespaces/topics/subscriptions@2024-01-01' = [
  for subscriptionName in subscriptionNames: {
    parent: topicResource
    name: subscriptionName
    properties: subscriptionProperties
  }
]

output name string = namespace.name
