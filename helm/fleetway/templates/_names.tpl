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
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- /* (dict "image" .Values.x.image "root" $): the reference of an image */ -}}
{{- define "fleetway.image" -}}
{{- $repository := include "fleetway.repository" (dict "repository" .image.repository "root" .root) -}}
{{- if .image.digest -}}
{{ $repository }}@{{ .image.digest }}
{{- else -}}
{{ $repository }}:{{ .image.tag | default .root.Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{- /* (dict "repository" … "root" $): image.registry takes the place of the registry, if one is named */ -}}
{{- define "fleetway.repository" -}}
{{- if .root.Values.image.registry -}}
{{- $parts := splitList "/" .repository -}}
{{- $host := first $parts -}}
{{- if and (gt (len $parts) 1) (or (contains "." $host) (contains ":" $host) (eq $host "localhost")) -}}
{{- $parts = rest $parts -}}
{{- end -}}
{{ trimSuffix "/" .root.Values.image.registry }}/{{ join "/" $parts }}
{{- else -}}
{{ .repository }}
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
  verbs: [list, watch]
# is this one being deleted?
- apiGroups: [""]
  resources: [namespaces]
  verbs: [get]
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
  verbs: [get, list, create, patch]
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

{{- /* Replicas on one node fall together: without a word from the user they prefer different ones. */ -}}
{{- define "fleetway.operator.spread" -}}
{{- $constraints := list -}}
{{- $given := .Values.operator.topologySpreadConstraints -}}
{{- if and (not $given) (gt (int .Values.operator.replicas) 1) -}}
{{- $given = list (dict "maxSkew" 1 "topologyKey" "kubernetes.io/hostname" "whenUnsatisfiable" "ScheduleAnyway") -}}
{{- end -}}
{{- $selector := dict "matchLabels" (include "fleetway.operator.selector" . | fromYaml) -}}
{{- range $given -}}
{{- $constraints = append $constraints (merge (dict) . (dict "labelSelector" $selector)) -}}
{{- end -}}
{{ toYaml $constraints }}
{{- end -}}

{{- /* (dict "args" (list …) "root" $): a pod that asks the API server once, as the operator */ -}}
{{- define "fleetway.hookPod" -}}
{{- $root := .root -}}
restartPolicy: Never
serviceAccountName: {{ include "fleetway.operator" $root }}
automountServiceAccountToken: true
enableServiceLinks: false
{{- with $root.Values.operator.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 65532
  runAsGroup: 65532
  seccompProfile: {type: RuntimeDefault}
containers:
  - name: ask
    image: {{ include "fleetway.image" (dict "image" $root.Values.operator.image "root" $root) }}
    imagePullPolicy: {{ $root.Values.operator.image.pullPolicy }}
    args: {{ toJson .args }}
    env:
      - name: FLEETWAY_NAMESPACES
        value: {{ include "fleetway.namespaces" $root | fromJsonArray | join "," | quote }}
    resources:
      requests: {cpu: 50m, memory: 128Mi}
      limits: {memory: 256Mi}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
    volumeMounts:
      - {name: tmp, mountPath: /tmp}
volumes:
  - {name: tmp, emptyDir: {}}
{{- with $root.Values.operator.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $root.Values.operator.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
