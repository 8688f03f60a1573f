import fc from "fast-check";
import type { OtherPolicy } from "../model/other-object.ts";
import { arbitraryOther } from "./hidden-cluster.ts";

/** A few policies of a kind that is not judged. */
export const arbitraryOthers: fc.Arbitrary<readonly OtherPolicy[]> = fc.array(arbitraryOther, { maxLength: 2 });
