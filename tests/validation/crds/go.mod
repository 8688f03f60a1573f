// The CustomResourceDefinitions of the cluster-wide policies: AdminNetworkPolicy and BaselineAdminNetworkPolicy are in the
// last release that had them, ClusterNetworkPolicy in the first that has it. One module can be required once; the first
// line's name stands for the older release.
module podwall.dev/tests/validation/crds

go 1.25.0

require (
	podwall.dev/network-policy-api-v1alpha1 v0.1.7
	sigs.k8s.io/network-policy-api v0.2.0
)

replace podwall.dev/network-policy-api-v1alpha1 v0.1.7 => sigs.k8s.io/network-policy-api v0.1.7
