-- Health of a TenantMigrationRun for Argo CD: resource.customizations.health.fleetway.dev_TenantMigrationRun
local health = { status = "Progressing", message = "The operator has not looked at this run yet." }

if obj.metadata.deletionTimestamp ~= nil then
  health.message = "The run is being deleted; its Job is drained first."
  return health
end

-- A status that answers to an older spec says nothing about this one.
if obj.status == nil or obj.status.conditions == nil
    or obj.status.observedGeneration ~= obj.metadata.generation then
  return health
end

local conditions = {}
for _, condition in ipairs(obj.status.conditions) do
  conditions[condition.type] = condition
end

local function is_true(kind)
  return conditions[kind] ~= nil and conditions[kind].status == "True"
end

if conditions.Ready ~= nil then
  health.message = conditions.Ready.reason .. ": " .. (conditions.Ready.message or "")
end
if is_true("Stalled") then
  health.status = "Degraded"
elseif is_true("Suspended") then
  health.status = "Suspended"
elseif is_true("Ready") then
  health.status = "Healthy"
end
return health
