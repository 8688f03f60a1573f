import type { Diagnostic } from "../../source/diagnostic.ts";
import type { FindingInput } from "./input.ts";

/** Looks for one kind of mistake. Must find nothing that is not so, whatever the input leaves out. */
export type Finder = (input: FindingInput) => Iterable<Diagnostic>;
