import { type ContainerPort, isPolicyPod } from "../model/pod.ts";
import type { Endpoint } from "./connection.ts";

/**
 * The container ports that a name in a rule may stand for at a destination. An address has none, and neither has a
 * hostNetwork or completed pod: to policies its traffic is an address's.
 */
export function declaredPorts(destination: Endpoint): readonly ContainerPort[] {
  return destination.kind === "pod" && isPolicyPod(destination.pod) ? destination.pod.ports : [];
}
