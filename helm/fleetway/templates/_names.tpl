{{- define "fleetway.name" -}}
{{- if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 44 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" (.Release.Name | trunc 34 | trimSuffix "-") .Chart.Name -}}
{{- end -}}
{{- end -}}

{{- define "fleetway.operator" -}}
{{ include "fleetway.name" . }}-operator
{{- end -}}

{{- define "fleetway.operator.selector" -}}
app.kubernetes.io/name: fleetway-operator
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "fleetway.labels" -}}
app.kubernetes.io/part-of: fleetway
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- /* (dict "image" .Values.x.image "root" $): the reference of an image */ -}}
{{- define "fleetway.image" -}}
{{- if .image.digest -}}
{{ .image.repository }}@{{ .image.digest }}
{{- else -}}
{{ .image.repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* The fleets of this release as JSON: the namespaces in which the operator has its Role. */ -}}
{{- define "fleetway.namespaces" -}}
{{- if .Values.watchAllNamespaces -}}
[]
{{- else -}}
{{ .Values.watchNamespaces | default (list .Release.Namespace) | uniq | toJson }}
{{- end -}}
{{- end -}}

{{- /* The namespaces, as JSON, that get the runner's ServiceAccount and Role. */ -}}
{{- define "fleetway.runner.namespaces" -}}
{{- if .Values.watchAllNamespaces -}}
{{ .Values.runner.namespaces | uniq | toJson }}
{{- else -}}
{{ include "fleetway.namespaces" . }}
{{- end -}}
{{- end -}}

{{- /* What the operator may do where it works. Nothing here opens a Secret. */ -}}
{{- define "fleetway.operator.rules" -}}
- apiGroups: [fleetway.dev]
  resources: [tenants]
  verbs: [get, list, watch]
- apiGroups: [fleetway.dev]
  resources: [tenants/status]
  verbs: [patch]
- apiGroups: [fleetway.dev]
  resources: [tenantmigrationruns]
  verbs: [get, list, watch, patch]
- apiGroups: [fleetway.dev]
  resources: [tenantmigrationruns/status]
  verbs: [patch]
- apiGroups: [fleetway.dev]
  resources: [tenantmigrationruns/finalizers]
  verbs: [update]
- apiGroups: [batch]
  resources: [jobs]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods]
  verbs: [get, list, watch]
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get, create]
{{- if .Values.admission.codeVersion.enabled }}
- apiGroups: [""]
  resources: [configmaps]
  resourceNames: [fleetway-compatibility]
  verbs: [patch]
{{- end }}
- apiGroups: [""]
  resources: [events]
  verbs: [list, create, patch]
{{- end -}}

{{- /* The runner's pods as JSON, in the form of a run's spec.runner. */ -}}
{{- define "fleetway.runner" -}}
{{- $image := include "fleetway.image" (dict "image" .Values.runner.image "root" .) -}}
{{- $runner := dict "image" $image "serviceAccountName" .Values.runner.serviceAccountName -}}
{{- range $key := list "resources" "nodeSelector" "tolerations" "affinity" "priorityClassName" "podLabels" "podAnnotations" -}}
{{- with index $.Values.runner $key -}}
{{- $_ := set $runner $key . -}}
{{- end -}}
{{- end -}}
{{- with .Values.imagePullSecrets -}}
{{- $_ := set $runner "imagePullSecrets" . -}}
{{- end -}}
{{ toJson $runner }}
{{- end -}}
