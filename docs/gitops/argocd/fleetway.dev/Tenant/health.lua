-- Health of a Tenant for Argo CD: resource.customizations.health.fleetway.dev_Tenant
--
-- Never Degraded: a wave with a Degraded resource stops the sync, and with it the run that would repair
-- this tenant. Runs are what tells of failures.
local health = { status = "Progressing", message = "The operator has not looked at this tenant yet." }

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "The tenant is being deleted."
  return health
end
if obj.status == nil or obj.status.access == nil
    or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end

health.status = "Healthy"
health.message = "access: " .. obj.status.access
if obj.status.access == "None" then
  health.status = "Suspended"
end
for _, condition in ipairs(obj.status.conditions or {}) do
  if condition.type == "Ready" and condition.status ~= "True" then
    health.message = condition.reason .. ": " .. (condition.message or "")
  end
end
return health
