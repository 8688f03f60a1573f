/** What matters here of a pod as the API gave it; what is not there is undefined, whatever else stands in its place. */
export interface PodState {
  readonly name: string;
  readonly role: string;
  readonly ip: string | undefined;
  readonly node: string | undefined;
  readonly phase: string;
  readonly isReady: boolean;
  /** Why it does not run, as far as the API says. */
  readonly because: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

export function podState(pod: unknown, roleLabel: string): PodState {
  const { metadata, spec, status } = fields(pod);
  const { podIP, phase, conditions, containerStatuses } = fields(status);
  const { name, labels } = fields(metadata);
  const all = list(conditions).map(fields);
  const isTrue = (type: string) => all.some((one) => one["type"] === type && one["status"] === "True");
  const unscheduled = all.find((one) => one["type"] === "PodScheduled" && one["status"] === "False");
  return {
    name: text(name) ?? "",
    role: text(fields(labels)[roleLabel]) ?? "",
    ip: text(podIP),
    node: text(fields(spec)["nodeName"]),
    phase: text(phase) ?? "Pending",
    isReady: isTrue("Ready"),
    because: text(unscheduled?.["message"]) ?? list(containerStatuses).map(reason).find(Boolean),
  };
}

/** Why a container waits, or with what it ended. */
function reason(status: unknown): string | undefined {
  const { waiting, terminated } = fields(fields(status)["state"]);
  const { reason: word, message, exitCode } = fields(waiting ?? terminated);
  const parts = [text(word), text(message), typeof exitCode === "number" ? `exit code ${exitCode}` : undefined];
  return parts.filter(Boolean).join(": ").slice(0, 300) || undefined;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
