import type { Mix } from "./mix.ts";
import type { Profile } from "./profile.ts";

/** Which objects stand for the pods. */
export type Form = "pods" | "deployments";

export const forms: readonly Form[] = ["pods", "deployments"];

/** Everything that a generated cluster depends on. */
export interface BenchInput {
  readonly profile: Profile;
  readonly mix: Mix;
  readonly form: Form;
  /** Whether pods, nodes and blocks have IPv6 addresses beside IPv4. */
  readonly dualStack: boolean;
  readonly seed: string;
}
