/** On everything that doctor makes; its namespaces are found by it. */
export const madeBy = { "podwall.dev/made-by": "doctor" } as const;
/** Which client or server a pod is. */
export const roleLabel = "podwall.dev/doctor-role";
/** Clients and servers are each spread over nodes. */
export const sideLabel = "podwall.dev/doctor-side";
