/**
 * The spec of a pod that goes again soon: as Pod Security's level `restricted` asks for, and without a token. `more` is the
 * rest of it.
 */
export function restrictedSpec(containers: readonly object[], more: Readonly<Record<string, unknown>>): object {
  const { securityContext, ...rest } = more;
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 0,
    nodeSelector: { "kubernetes.io/os": "linux" },
    ...rest,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 65_534,
      runAsGroup: 65_534,
      seccompProfile: { type: "RuntimeDefault" },
      ...(securityContext as object | undefined),
    },
    containers: containers.map((container) => ({
      imagePullPolicy: "IfNotPresent",
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      ...container,
    })),
  };
}
