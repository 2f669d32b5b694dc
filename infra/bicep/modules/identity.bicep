// The identity of one app. What it may do is in roles.bicep or remediator-roles.bicep, and in reader.bicep; Graph permissions are granted by hand.
param name string
param location string
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

output id string = identity.id
output clientId string = identity.properties.clientId
output principalId string = identity.properties.principalId
