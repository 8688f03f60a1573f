import { type BenchInput, forms } from "./generate/bench-input.ts";
import { mixes } from "./generate/mix.ts";
import { profiles } from "./generate/profile.ts";
import { UsageError } from "./context.ts";

/** The options that say what is generated, for `parseArgs`. */
export const inputOptions = {
  mix: { type: "string", multiple: true },
  form: { type: "string", multiple: true },
  "dual-stack": { type: "boolean" },
  seed: { type: "string" },
} as const;

export interface InputValues {
  readonly mix?: string[];
  readonly form?: string[];
  readonly "dual-stack"?: boolean;
  readonly seed?: string;
}

/** Every input that is asked for: each profile in each mix and form. */
export function inputsOf(
  profileNames: readonly string[],
  values: InputValues,
  formNames: readonly string[],
): BenchInput[] {
  const chosen = profileNames.map((name) => named("profile", profiles, name));
  const inMixes = (values.mix ?? ["standard"]).map((name) => named("mix", mixes, name));
  const inForms = (values.form ?? formNames).map((name) => named("form", namedForms, name).name);
  const more = { dualStack: values["dual-stack"] ?? false, seed: values.seed ?? "1" };
  return inForms.flatMap((form) =>
    inMixes.flatMap((mix) => chosen.map((profile) => ({ profile, mix, form, ...more }))),
  );
}

const namedForms = forms.map((name) => ({ name }));

/** `10k/2k standard pods`. */
export function inputText({ profile, mix, form, dualStack, seed }: BenchInput): string {
  const more = `${dualStack ? " dual-stack" : ""}${seed === "1" ? "" : ` seed ${seed}`}`;
  return `${profile.name} ${mix.name} ${form}${more}`;
}

function named<Item extends { readonly name: string }>(what: string, items: readonly Item[], name: string): Item {
  const found = items.find((item) => item.name === name);
  if (found !== undefined) return found;
  throw new UsageError(`there is no ${what} "${name}": ${items.map((item) => item.name).join(", ")}`);
}
