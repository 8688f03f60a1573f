/** The specs of `--share ci`: of each kind of rule one, chosen so that a run takes some minutes. */
export const ciSpecs = {
  networkPolicy: [
    "should support a 'default-deny-ingress' policy",
    "should enforce policy based on PodSelector or NamespaceSelector",
    "should enforce multiple egress policies with egress allow-all policy taking precedence",
    "should allow ingress access from updated pod",
    "should enforce updated policy",
    "should allow egress access on one named port",
    "should enforce except clause while egress access to server in CIDR block",
    "should not allow access by TCP when a policy specifies only UDP",
  ],
  // Numbers of cyclonus' cases, of kinds that upstream's own tests have not.
  cyclonus: [22, 36, 70, 134, 145, 149, 195, 198, 211],
  clusterNetworkPolicy: ["CNPAdminTierPriorityField", "CNPAdminTierIntegration"],
} as const;
