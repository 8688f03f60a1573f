{{- define "podwall.name" -}}
{{- if eq .Release.Name "podwall" -}}podwall{{- else -}}{{ printf "%s-podwall" .Release.Name | trunc 55 | trimSuffix "-" }}{{- end -}}
{{- end -}}

{{- define "podwall.selector" -}}
app.kubernetes.io/name: podwall
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "podwall.labels" -}}
{{ include "podwall.selector" . }}
app.kubernetes.io/component: agent
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
{{- end -}}

{{- define "podwall.image" -}}
{{- if .Values.image.digest -}}
{{ .Values.image.repository }}@{{ .Values.image.digest }}
{{- else -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}
{{- end -}}

{{/* Whether the agent asks the API server who may read its endpoints. */}}
{{- define "podwall.guarded" -}}
{{- if and (eq .Values.endpoints.listen "node") (not .Values.endpoints.insecure) -}}true{{- end -}}
{{- end -}}

{{/* Whether the endpoints are HTTPS. */}}
{{- define "podwall.https" -}}
{{- if or .Values.endpoints.tls.secretName (include "podwall.guarded" .) -}}true{{- end -}}
{{- end -}}

{{- define "podwall.listen" -}}
{{- if eq .Values.endpoints.listen "loopback" -}}
127.0.0.1:{{ .Values.endpoints.port }}
{{- else if eq (int .Values.endpoints.ipFamily) 6 -}}
[$(HOST_IP)]:{{ .Values.endpoints.port }}
{{- else -}}
$(HOST_IP):{{ .Values.endpoints.port }}
{{- end -}}
{{- end -}}

{{- define "podwall.probe" -}}
httpGet:
  path: {{ .path }}
  port: {{ .root.Values.endpoints.port }}
  {{- if include "podwall.https" .root }}
  scheme: HTTPS
  {{- end }}
  {{- if eq .root.Values.endpoints.listen "loopback" }}
  host: 127.0.0.1
  {{- end }}
{{- end -}}
